-- What an accepted suggestion and a completed conversation cost.
select
    experiment,
    variant,
    'accepted suggestion' as result,
    count(*) filter (where is_accepted) as results,
    sum(cost_usd) as cost_usd,
    sum(cost_usd) / nullif(count(*) filter (where is_accepted), 0) as cost_usd_per_result
from {{ ref('int_experiment_suggestions') }}
group by experiment, variant

union all

select
    experiment,
    variant,
    'completed conversation',
    count(*) filter (where outcome = 'completed'),
    sum(cost_usd),
    sum(cost_usd) / nullif(count(*) filter (where outcome = 'completed'), 0)
from {{ ref('conversation_sessions') }}
group by experiment, variant
