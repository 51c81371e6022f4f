-- Cost over time, and so far. An event counts for every experiment that its unit was in.
select
    day,
    experiment,
    variant,
    cost_usd,
    sum(cost_usd) over (partition by experiment, variant order by day) as cost_usd_so_far
from {{ ref('daily_metrics') }}
