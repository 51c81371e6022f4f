{{ config(materialized='table', tags=['x'], meta={'k': 'v'}) }}
select 1 as a, '{{ this }}' as this, '{{ model.unique_id }}' as id, '{{ schema }}' as schema, '{{ database }}' as database,
  '{{ [pre_hooks, post_hooks] }}' as hooks, {{ local_md5('x') | length }} as md5, '{{ var("a") }}{{ var.has_var("nope") }}{{ var("own") }}' as vars
from {{ ref('s') }}
