select
    occurred_on as day,
    experiment,
    variant,
    count(*) as events,
    count(distinct unit_id) as units,
    count(*) filter (where event_type = 'suggestion_served') as suggestions,
    {{ rate("case when event_type in ('suggestion_accepted', 'suggestion_rejected')
        then event_type = 'suggestion_accepted' end") }} as acceptance_rate,
    cast(avg(rating) as double precision) as mean_rating,
    count(*) filter (where event_type = 'constraint_violation') as constraint_violations,
    count(*) filter (where event_type = 'conversation_started') as conversations,
    count(*) filter (where event_type = 'conversation_completed') as conversations_completed,
    avg(latency_ms) as mean_latency_ms,
    {{ percentile(0.5, 'latency_ms') }} as p50_latency_ms,
    {{ percentile(0.95, 'latency_ms') }} as p95_latency_ms,
    {{ percentile(0.99, 'latency_ms') }} as p99_latency_ms,
    coalesce(sum(tokens_in), 0) as tokens_in,
    coalesce(sum(tokens_out), 0) as tokens_out,
    coalesce(sum(cost_usd), 0) as cost_usd
from {{ ref('int_experiment_events') }}
group by occurred_on, experiment, variant
