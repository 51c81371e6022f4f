{{ config(materialized='view', tags=['in_file'], schema='in_file') }}
select id, v from {{ ref('shared') }}
