{{ config(materialized='table') }}
select a.*, '{{ this.schema }}' as s from {{ ref('tools', 'deep') }} a
union all
select b.*, 'shared' from {{ ref('shared') }} b
