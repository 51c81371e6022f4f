-- Where suggestions are turned down.
select
    channel,
    policy_version_id,
    count(is_accepted) as suggestions,
    {{ rate('not is_accepted') }} as rejection_rate
from {{ ref('int_suggestions') }}
group by channel, policy_version_id
