select
    experiments.experiment,
    experiments.status,
    variants.variant,
    variants.is_control,
    policies.policy_version,
    coalesce(units.units, 0) as units,
    coalesce(suggestions.suggestions, 0) as suggestions,
    suggestions.acceptance_rate,
    suggestions.mean_rating,
    suggestions.median_latency_ms,
    suggestions.cost_per_suggestion,
    coalesce(sessions.conversations, 0) as conversations,
    sessions.completion_rate,
    sessions.mean_turns
from {{ ref('stg_variants') }} as variants
inner join {{ ref('stg_experiments') }} as experiments on experiments.experiment_id = variants.experiment_id
inner join {{ ref('stg_policy_versions') }} as policies on policies.policy_version_id = variants.policy_version_id
left join (
    select variant_id, count(*) as units
    from {{ ref('stg_assignments') }}
    group by variant_id
) as units on units.variant_id = variants.variant_id
left join (
    select
        experiment,
        variant,
        count(*) as suggestions,
        {{ rate('is_accepted') }} as acceptance_rate,
        cast(avg(rating) as double precision) as mean_rating,
        {{ percentile(0.5, 'latency_ms') }} as median_latency_ms,
        avg(cost_usd) as cost_per_suggestion
    from {{ ref('int_experiment_suggestions') }}
    group by experiment, variant
) as suggestions on suggestions.experiment = variants.experiment and suggestions.variant = variants.variant
left join (
    select
        experiment,
        variant,
        count(*) as conversations,
        {{ rate("outcome = 'completed'") }} as completion_rate,
        cast(avg(turns) as double precision) as mean_turns
    from {{ ref('conversation_sessions') }}
    group by experiment, variant
) as sessions on sessions.experiment = variants.experiment and sessions.variant = variants.variant
