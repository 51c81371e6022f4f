select
    variants.experiment,
    variants.variant,
    variants.is_control,
    aggregates.bucket_type,
    aggregates.bucket_start,
    aggregates.metric_name,
    aggregates.count,
    aggregates.sum,
    aggregates.mean,
    aggregates.stddev,
    aggregates.min,
    aggregates.max,
    -- Half the width of a 95 % confidence interval of the mean.
    1.959963984540054 * aggregates.stddev / sqrt(aggregates.count) as margin
from {{ ref('stg_metric_aggregates') }} as aggregates
inner join {{ ref('stg_variants') }} as variants on variants.variant_id = aggregates.variant_id
