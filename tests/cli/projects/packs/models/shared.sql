select 1 as id, 'root shared' as v
