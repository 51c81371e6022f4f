select
    id as policy_version_id,
    policy,
    version,
    policy || ' ' || version as policy_version,
    status,
    parameters,
    created_at
from {{ source('exp', 'policy_versions') }}
