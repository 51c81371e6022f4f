select i as id, timestamp '2024-01-01' + to_hours((i * 5)::int) as happened from range(40) as r(i)
