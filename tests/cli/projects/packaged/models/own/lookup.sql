select 1 as id, 'of the root' as whose
