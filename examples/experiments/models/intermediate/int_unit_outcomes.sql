-- Tests of significance take observations to be independent: a unit's suggestions are not, so each unit counts once.
with suggestions as (
    select
        experiment,
        variant,
        is_control,
        unit_id,
        (array_agg(is_accepted order by served_at))[1] as first_accepted,
        (array_agg(rating order by served_at))[1] as first_rating,
        avg(latency_ms) as mean_latency_ms,
        avg(cost_usd) as cost_per_suggestion
    from {{ ref('int_experiment_suggestions') }}
    group by experiment, variant, is_control, unit_id
),

conversations as (
    select
        experiment,
        variant,
        is_control,
        unit_id,
        (array_agg(outcome = 'completed' order by started_at))[1] as first_completed,
        (array_agg(turns order by started_at))[1] as first_turns,
        (array_agg(case when outcome = 'completed' then duration_s end order by started_at))[1] as first_duration_s
    from {{ ref('conversation_sessions') }}
    where outcome <> 'open'
    group by experiment, variant, is_control, unit_id
)

select
    coalesce(suggestions.experiment, conversations.experiment) as experiment,
    coalesce(suggestions.variant, conversations.variant) as variant,
    coalesce(suggestions.is_control, conversations.is_control) as is_control,
    coalesce(suggestions.unit_id, conversations.unit_id) as unit_id,
    suggestions.first_accepted,
    suggestions.first_rating,
    suggestions.mean_latency_ms,
    suggestions.cost_per_suggestion,
    conversations.first_completed,
    conversations.first_turns,
    conversations.first_duration_s
from suggestions
full join conversations
    on conversations.experiment = suggestions.experiment and conversations.unit_id = suggestions.unit_id
