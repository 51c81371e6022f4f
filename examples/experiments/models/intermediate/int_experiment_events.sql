{{ config(indexes=[{'columns': ['experiment', 'variant']}, {'columns': ['occurred_at']}]) }}

select
    variants.experiment_id,
    variants.experiment,
    variants.variant_id,
    variants.variant,
    variants.is_control,
    events.event_id,
    events.event_type,
    events.occurred_at,
    events.occurred_on,
    events.unit_id,
    events.session_id,
    events.policy_version_id,
    events.latency_ms,
    events.tokens_in,
    events.tokens_out,
    events.cost_usd,
    events.rating,
    events.duration_s,
    events.suggestion_id,
    events.constraint_name,
    events.severity,
    events.state,
    events.turn
from {{ ref('stg_events') }} as events
cross join lateral jsonb_to_recordset(events.experiments) as tag("experiment" integer, "variant" integer)
inner join {{ ref('stg_variants') }} as variants
    on variants.experiment_id = tag.experiment and variants.variant_id = tag.variant
