with metrics as (

    select
        assigned.group_name,
        count(*) as users,
        count(case when funnel.converted then 1 end) as converters,
        {{ ratio('count(case when funnel.converted then 1 end)', 'count(*)') }} as conversion_rate
    from {{ ref('ab_group') }} as assigned
    inner join {{ ref('funnel_users') }} as funnel
        on assigned.user_id = funnel.user_id
    group by assigned.group_name

),

-- Under the null hypothesis both groups convert at one rate: that of the two taken together.
compared as (

    select
        metrics.group_name,
        metrics.users,
        metrics.converters,
        metrics.conversion_rate,
        case when metrics.group_name <> 'A' then baseline.conversion_rate end as baseline_rate,
        {{ ratio('metrics.converters + baseline.converters', 'metrics.users + baseline.users') }} as pooled_rate,
        {{ ratio('1', 'metrics.users') }} + {{ ratio('1', 'baseline.users') }} as inverse_sizes
    from metrics
    cross join metrics as baseline
    where baseline.group_name = 'A'

),

scored as (

    select
        group_name,
        users,
        converters,
        conversion_rate,
        {{ ratio('conversion_rate - baseline_rate', 'baseline_rate') }} as lift,
        {{ ratio('conversion_rate - baseline_rate', 'sqrt(pooled_rate * (1 - pooled_rate) * inverse_sizes)') }} as z_score
    from compared

),

-- The two tails of the normal distribution beyond z hold erfc(|z| / sqrt(2)) of it.
scaled as (

    select
        group_name,
        users,
        converters,
        conversion_rate,
        lift,
        z_score,
        abs(z_score) / sqrt(2e0) as x
    from scored

)

select
    group_name,
    users,
    converters,
    conversion_rate,
    lift,
    z_score,
    {{ erfc('x') }} as p_value
from scaled
