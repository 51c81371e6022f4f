{{ config(severity='error', tags=['alert']) }}

-- One request in a hundred takes longer than p99_latency_limit_ms.
select * from {{ ref('alerts') }} where alert = 'p99_latency_ms' and is_up
