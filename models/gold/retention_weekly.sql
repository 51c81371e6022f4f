with activity as (

    select distinct
        user_id,
        {{ week_start('activity_date') }} as activity_week
    from {{ ref('int_user_days') }}

),

first_weeks as (

    select
        user_id,
        min(activity_week) as cohort_week
    from activity
    group by user_id

),

cohorts as (

    select
        cohort_week,
        count(*) as cohort_size
    from first_weeks
    group by cohort_week

),

-- The week of the last activity may still be going on: what is complete lies before it.
complete as (

    select max(activity_week) as end_week
    from activity

),

week_numbers as (
    {% for week_n in range(var('retention_weeks') + 1) %}
    select {{ as_integer(week_n) }} as week_n
    {%- if not loop.last %} union all{% endif %}
    {%- endfor %}

),

cells as (

    select
        cohorts.cohort_week,
        cohorts.cohort_size,
        week_numbers.week_n,
        {{ add_days('cohorts.cohort_week', 'week_numbers.week_n * 7') }} as observed_week
    from cohorts
    cross join week_numbers

),

active as (

    select
        first_weeks.cohort_week,
        activity.activity_week,
        count(*) as active_users
    from activity
    inner join first_weeks
        on activity.user_id = first_weeks.user_id
    group by
        first_weeks.cohort_week,
        activity.activity_week

)

select
    cells.cohort_week,
    cells.week_n,
    cells.cohort_size,
    coalesce(active.active_users, 0) as active_users,
    {{ ratio('coalesce(active.active_users, 0)', 'cells.cohort_size') }} as retention_rate
from cells
cross join complete
left join active
    on
        cells.cohort_week = active.cohort_week
        and cells.observed_week = active.activity_week
where cells.observed_week < complete.end_week
