-- Latency over time.
select day, experiment, variant, p50_latency_ms, p95_latency_ms, p99_latency_ms
from {{ ref('daily_metrics') }}
where p50_latency_ms is not null
