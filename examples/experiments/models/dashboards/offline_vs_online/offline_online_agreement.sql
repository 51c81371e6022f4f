-- Does the offline metric choose the same version? Each version against the one before it.
with versions as (
    select
        policy,
        metric_name,
        policy_version,
        offline_value - lag(offline_value) over (partition by policy, metric_name order by version) as offline_change,
        online_value - lag(online_value) over (partition by policy, metric_name order by version) as online_change
    from {{ ref('offline_online_metrics') }}
)

select
    policy,
    metric_name,
    policy_version,
    offline_change,
    online_change,
    sign(offline_change) = sign(online_change) as agree
from versions
where offline_change is not null and online_change is not null
