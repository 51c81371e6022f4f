select count(*) as n from {{ ref('rewritten') }} join {{ ref('configured') }} using (id)
