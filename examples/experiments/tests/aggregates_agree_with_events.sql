-- The streaming job counts what the events say.
with counted as (
    select variant_id, occurred_on as day, count(*) as requests, sum(latency_ms) as total
    from {{ ref('int_experiment_events') }}
    where latency_ms is not null
    group by variant_id, occurred_on
),

aggregated as (
    select variant_id, cast(bucket_start at time zone 'UTC' as date) as day, count, sum
    from {{ source('exp', 'metric_aggregates') }}
    where metric_name = 'latency_ms' and bucket_type = 'day'
)

select *
from counted
full join aggregated using (variant_id, day)
where
    counted.requests is distinct from aggregated.count
    or abs(counted.total - aggregated.sum) > 1e-6 * abs(aggregated.sum)
