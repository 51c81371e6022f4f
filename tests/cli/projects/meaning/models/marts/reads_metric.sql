-- {{ metric('revenue') }}
select 1 as n
