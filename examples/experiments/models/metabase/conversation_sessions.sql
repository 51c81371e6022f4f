select
    experiment,
    variant,
    is_control,
    session_id,
    unit_id,
    policy_version_id,
    min(occurred_at) as started_at,
    max(occurred_at) as last_event_at,
    case
        when bool_or(event_type = 'conversation_completed') then 'completed'
        when bool_or(event_type = 'conversation_abandoned') then 'abandoned'
        else 'open'
    end as outcome,
    (array_agg(state order by event_id desc))[1] as last_state,
    max({{ state_number('state') }}) as last_step,
    coalesce(max(turn), 0) as turns,
    max(duration_s) as duration_s,
    avg(latency_ms) as mean_latency_ms,
    coalesce(sum(tokens_in + tokens_out), 0) as tokens,
    coalesce(sum(cost_usd), 0) as cost_usd
from {{ ref('int_experiment_events') }}
where event_type like 'conversation\_%'
group by experiment, variant, is_control, session_id, unit_id, policy_version_id
