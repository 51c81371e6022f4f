select
    id as experiment_id,
    name as experiment,
    description,
    owner,
    status,
    unit_type,
    primary_metric,
    started_at,
    ended_at
from {{ source('exp', 'experiments') }}
