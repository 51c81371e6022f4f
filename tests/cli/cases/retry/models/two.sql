{{ config(materialized='table') }}
select cast('{{ var('word', 'no') }}' as int) as id from {{ ref('one') }}
