{{ config(pre_hook="insert into {{ target.schema }}.said values ('before')",
          post_hook="insert into {{ target.schema }}.said values ('after')") }}
select id, happened, amount, '{{ model.batch.id if model.batch }}' as batch_id, '{{ var("mark", "") }}' as mark
from {{ ref('readings') }}
