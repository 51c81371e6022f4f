-- What a policy version reached on held-out data, and what it does in use.
with online as (
    select policy_version_id, 'acceptance_rate' as metric_name, {{ rate('is_accepted') }} as value, count(*) as observations
    from {{ ref('int_suggestions') }}
    group by policy_version_id

    union all

    select policy_version_id, 'latency_ms', avg(latency_ms), count(*)
    from {{ ref('int_suggestions') }}
    group by policy_version_id

    union all

    select policy_version_id, 'completion_rate', {{ rate("outcome = 'completed'") }}, count(*)
    from {{ ref('conversation_sessions') }}
    group by policy_version_id

    union all

    -- The models that suggestions come from are told apart by the variant only.
    select variants.policy_version_id, 'acceptance_rate', {{ rate('suggestions.is_accepted') }}, count(*)
    from {{ ref('int_experiment_suggestions') }} as suggestions
    inner join {{ ref('stg_variants') }} as variants
        on variants.experiment = suggestions.experiment
        and variants.variant = suggestions.variant
        and variants.policy_version_id <> suggestions.policy_version_id
    group by variants.policy_version_id

    union all

    select variants.policy_version_id, 'latency_ms', avg(suggestions.latency_ms), count(*)
    from {{ ref('int_experiment_suggestions') }} as suggestions
    inner join {{ ref('stg_variants') }} as variants
        on variants.experiment = suggestions.experiment
        and variants.variant = suggestions.variant
        and variants.policy_version_id <> suggestions.policy_version_id
    group by variants.policy_version_id
)

select
    policies.policy_version,
    policies.policy,
    policies.version,
    policies.status,
    offline.dataset,
    offline.metric_name,
    offline.value as offline_value,
    online.value as online_value,
    online.value - offline.value as gap,
    (online.value - offline.value) / nullif(offline.value, 0) as relative_gap,
    offline.sample_size as offline_observations,
    online.observations as online_observations
from {{ ref('stg_offline_evaluations') }} as offline
inner join {{ ref('v_policy_versions') }} as policies on policies.policy_version_id = offline.policy_version_id
left join online
    on online.policy_version_id = offline.policy_version_id and online.metric_name = offline.metric_name
