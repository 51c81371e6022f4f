select
    policies.policy_version_id,
    policies.policy_version,
    policies.policy,
    policies.version,
    policies.status,
    policies.parameters,
    policies.created_at,
    lag(policies.version) over (partition by policies.policy order by policies.created_at) as previous_version,
    coalesce(variants.used_by, array[]::text[]) as used_by
from {{ ref('stg_policy_versions') }} as policies
left join (
    select policy_version_id, array_agg(experiment || '.' || variant order by experiment, variant) as used_by
    from {{ ref('stg_variants') }}
    group by policy_version_id
) as variants on variants.policy_version_id = policies.policy_version_id
