-- Percentiles of the latency of suggestions and turns.
select
    experiment,
    variant,
    event_type,
    count(*) as requests,
    {{ percentile(0.5, 'latency_ms') }} as p50_ms,
    {{ percentile(0.95, 'latency_ms') }} as p95_ms,
    {{ percentile(0.99, 'latency_ms') }} as p99_ms
from {{ ref('int_experiment_events') }}
where latency_ms is not null
group by experiment, variant, event_type
