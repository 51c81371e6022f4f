select b.* from {{ ref('broken') }} b join {{ ref('apart') }} a using (id)
