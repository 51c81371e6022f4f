select * from (values
    (1, 'ann-b-c', timestamp '2024-01-31 10:30:15', timestamp '2024-02-29 23:59:59', true, null),
    (2, 'bob-x', timestamp '2023-12-30 00:00:00', timestamp '2024-01-07 12:00:00', false, 'bob-x'),
    (3, 'cy', timestamp '2024-05-05 05:05:05', timestamp '2023-05-04 04:04:04', null, 'z')
) as t(id, name, a, b, flag, other)
