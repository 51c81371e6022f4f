-- Predicted quality beside the acceptance that came of it, by tenths. A calibrated model is on the diagonal.
select
    policies.policy_version,
    least(floor(suggestions.predicted_quality * 10), 9) / 10 as predicted_from,
    count(*) as suggestions,
    avg(suggestions.predicted_quality) as mean_predicted_quality,
    {{ rate('suggestions.is_accepted') }} as acceptance_rate
from {{ ref('int_suggestions') }} as suggestions
inner join {{ ref('stg_policy_versions') }} as policies on policies.policy_version_id = suggestions.policy_version_id
where suggestions.is_accepted is not null
group by policies.policy_version, least(floor(suggestions.predicted_quality * 10), 9) / 10
