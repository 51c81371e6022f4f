select e.id, e."Happened At" as at, k.label
from {{ ref('events') }} as e
join {{ ref('kinds') }} as k on k.kind = e.kind
