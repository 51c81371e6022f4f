{{ config(materialized='materialized_view', indexes=[{'columns': ['id']}]) }}
select id, status from {{ ref('default_with_key') }}
