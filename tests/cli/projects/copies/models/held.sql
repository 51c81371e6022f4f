{{ config(materialized='table', post_hook="insert into {{ target.schema }}.said values ('after {{ this.identifier }}')", tags=['held']) }}
select id, colour || '{{ var("mark", "") }}' as colour, seen from {{ ref('plain') }}
