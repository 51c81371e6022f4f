select 1::bigint as person, 2::float as amount
