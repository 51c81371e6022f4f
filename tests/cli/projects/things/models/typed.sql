select 1::integer as i, 2::bigint as b, 3::hugeint as h, 4::utinyint as u, 1.5::decimal(10, 2) as d, 2.5::double as f,
    3.5::float as r, 'x' as t, true as o, date '2024-01-02' as day, timestamp '2024-01-02 03:04:05' as at,
    [1, 2] as l, {'a': 1, 'b': {'c': 'x'}} as s, map {'k': 1} as m, 'u'::varchar(5) as v, uuid() as "Quoted Name"
