{{ config(materialized='incremental', on_schema_change='append_new_columns') }}
select id, {{ "'new' as word," if var('round', 1) > 1 }} "at" from {{ ref('raw') }}
