-- Acceptance by day beside the one on held-out data: does a policy age?
select
    suggestions.served_on as day,
    policies.policy_version,
    {{ rate('suggestions.is_accepted') }} as online_value,
    max(offline.value) as offline_value
from {{ ref('int_suggestions') }} as suggestions
inner join {{ ref('stg_policy_versions') }} as policies on policies.policy_version_id = suggestions.policy_version_id
left join {{ ref('stg_offline_evaluations') }} as offline
    on offline.policy_version_id = suggestions.policy_version_id and offline.metric_name = 'acceptance_rate'
group by suggestions.served_on, policies.policy_version
