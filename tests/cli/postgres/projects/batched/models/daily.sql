{{ config(pre_hook="insert into {{ target.schema }}.said values ('before', '{{ this.identifier }}')",
          post_hook="insert into {{ target.schema }}.said values ('after', '{{ this.identifier }}')") }}
select e.*, k.label, {{ is_incremental() }} as grows,
    '{{ model.batch.id if model.batch }}' as batch_id,
    '{{ model.batch.event_time_start if model.batch }}' as batch_start,
    '{{ model.batch.event_time_end.isoformat() if model.batch }}' as batch_end
from {{ ref('events') }} as e left join {{ ref('kinds') }} as k on k.kind = e.kind
