select v.id, v.kind, len(c.tags) as clicks, w.w as weight
from {{ source('files', 'visits') }} v
left join {{ source('files', 'clicks') }} c using (id)
left join {{ source('files', 'weights') }} w using (id)
