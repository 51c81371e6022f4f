{{ config(materialized='table_function') }}
select count(*) as n from {{ ref('plain_table') }}
