select
    experiment_id,
    variant_id,
    bucket_type,
    bucket_start,
    metric_name,
    count,
    sum,
    mean,
    stddev,
    min,
    max
from {{ source('exp', 'metric_aggregates') }}
