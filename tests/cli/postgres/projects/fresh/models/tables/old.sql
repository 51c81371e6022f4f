{{ config(materialized='table') }}
select timestamp '2020-01-01 10:00:00' as seen, date '2020-01-02' as day, '2020-01-01 12:00:00' as said,
    timestamptz '2020-01-01 10:00:00+05:30' as at_zone, 'soon' as word, 5 as number, 'a' as kind
union all
select timestamp '2020-01-03 10:00:00.123456', date '2020-01-03', '2020-01-03T12:00:00', timestamptz '2020-01-03 10:00:00+05:30',
    'soon', 6, 'b'
