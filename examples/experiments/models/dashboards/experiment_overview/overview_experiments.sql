-- The table at the top: every experiment with its size and its latest sign of life.
select
    experiments.experiment,
    experiments.description,
    experiments.owner,
    experiments.status,
    experiments.primary_metric,
    experiments.started_at,
    experiments.ended_at,
    coalesce(performance.units, 0) as units,
    coalesce(performance.suggestions, 0) as suggestions,
    coalesce(performance.conversations, 0) as conversations,
    events.last_event_at
from {{ ref('stg_experiments') }} as experiments
left join (
    select experiment, sum(units) as units, sum(suggestions) as suggestions, sum(conversations) as conversations
    from {{ ref('experiment_performance') }}
    group by experiment
) as performance on performance.experiment = experiments.experiment
left join (
    select experiment, max(occurred_at) as last_event_at
    from {{ ref('int_experiment_events') }}
    group by experiment
) as events on events.experiment = experiments.experiment
