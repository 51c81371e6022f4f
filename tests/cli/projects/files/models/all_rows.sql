{{ config(materialized='table') }}
select 'csv' as kind, id, name from {{ ref('as_csv') }}
union all select 'gz', id, name from {{ ref('gzipped') }}
union all select 'json', id, name from {{ ref('as_json') }}
union all select 'nothing', id, name from {{ ref('nothing') }}
union all select 'other', id, name from {{ ref('other_schema') }}
