select c.id, l.town, o.name as old_name, w.word, p.v as p, q.v as q
from {{ ref('customers') }} c
join {{ ref('customers', v=3) }} l using (id)
join {{ ref('versions', 'customers', version=1) }} o using (id)
cross join {{ ref('words') }} w
cross join {{ ref('plain', v=1.5) }} p
cross join {{ ref('only_new') }} q
