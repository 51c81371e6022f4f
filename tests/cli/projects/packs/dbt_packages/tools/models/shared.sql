select 2 as id, 'tools shared' as v
