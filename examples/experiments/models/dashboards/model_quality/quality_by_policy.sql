-- Acceptance, ratings and violations by policy version.
select
    policies.policy_version,
    count(*) as suggestions,
    {{ rate('suggestions.is_accepted') }} as acceptance_rate,
    cast(avg(suggestions.rating) as double precision) as mean_rating,
    avg(suggestions.predicted_quality) as mean_predicted_quality,
    {{ rate('suggestions.violations > 0') }} as violation_rate
from {{ ref('int_suggestions') }} as suggestions
inner join {{ ref('stg_policy_versions') }} as policies on policies.policy_version_id = suggestions.policy_version_id
group by policies.policy_version
