select
    id as offline_evaluation_id,
    policy_version_id,
    dataset,
    metric_name,
    value,
    sample_size,
    evaluated_at
from {{ source('exp', 'offline_evaluations') }}
