-- What is watched: a row for each alert and variant, with its value, the limit, and whether the alert is up.
-- Nothing is built from this model, so that an alert holds nothing back.
with events as (
    select *
    from {{ ref('int_experiment_events') }}
    where occurred_at <= {{ var('now') }}
),

recent as (
    select *
    from events
    where occurred_at > {{ var('now') }} - interval '{{ var("alert_window_hours") }} hours'
),

feedback as (
    select
        experiment,
        variant,
        is_control,
        event_type = 'suggestion_accepted' as is_accepted,
        occurred_at > {{ var('now') }} - interval '{{ var("acceptance_window_hours") }} hours' as is_recent
    from events
    where event_type in ('suggestion_accepted', 'suggestion_rejected')
),

-- The control as it was before.
baselines as (
    select experiment, {{ rate('is_accepted') }} as acceptance_rate
    from feedback
    where is_control and not is_recent
    group by experiment
),

measured as (
    select
        'constraint_violations' as alert,
        experiment,
        variant,
        cast(count(*) filter (where event_type = 'constraint_violation' and severity = 'hard') as double precision) as value,
        cast(0 as double precision) as threshold,
        '>' as fires_if
    from recent
    group by experiment, variant

    union all

    select
        'p99_latency_ms',
        experiment,
        variant,
        {{ percentile(0.99, 'latency_ms') }},
        {{ var('p99_latency_limit_ms') }},
        '>'
    from recent
    where latency_ms is not null
    group by experiment, variant

    union all

    select
        'acceptance_rate',
        feedback.experiment,
        feedback.variant,
        {{ rate('feedback.is_accepted') }},
        max(baselines.acceptance_rate) * (1 - {{ var('acceptance_drop') }}),
        '<'
    from feedback
    inner join baselines on baselines.experiment = feedback.experiment
    where feedback.is_recent
    group by feedback.experiment, feedback.variant

    union all

    -- Also where there never was an event.
    select
        'seconds_without_events',
        null,
        null,
        coalesce(extract(epoch from {{ var('now') }} - max(occurred_at)), cast('infinity' as double precision)),
        {{ var('silence_limit_seconds') }},
        '>='
    from events
)

select
    *,
    case fires_if when '>' then value > threshold when '>=' then value >= threshold else value < threshold end as is_up
from measured
