{{ config(materialized='table', schema='Sold') }}
select id, amount as "Total Amount", on_day, array[1, 2] as list, jsonb_build_object('a', 1) as parts, cast('ab' as varchar(5)) as word, 1.5::numeric(6,2) as price, timestamptz '2024-01-01 10:00:00+00' as at, interval '1 day' as span, null::uuid as uid, row(1,2)::text as rowed, 'x'::char(3) as c3, 1::smallint as si, 1.0::real as re, 1::double precision as dp, true as yes, 'a'::bytea as bytes, '10.0.0.1'::inet as ip, time '10:00' as clock, array['a'::varchar(3)] as words from {{ source('outside', 'raw') }}
-- depends_on: {{ ref('raw') }}
