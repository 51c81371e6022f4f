{{ config(materialized='external', options={'partition_by': 'year, name', 'overwrite_or_ignore': 1}, parquet_read_options={'hive_partitioning': true}) }}
select id, name, 2024 as year from {{ ref('plain') }}
