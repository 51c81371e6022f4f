-- Each of the two groups has half of the users, give or take five points.
with sizes as (

    select
        count(*) as users,
        count(case when group_name = 'A' then 1 end) as users_in_a
    from {{ ref('ab_group') }}

)

select *
from sizes
where abs({{ ratio('users_in_a', 'users') }} - 0.5) > 0.05
