{{ config(materialized='external', format='parquet', options={'compression': 'zstd'}, post_hook="create table if not exists hooked as select 1 as n") }}
select * from {{ ref('plain') }} where false
