with feedback as (
    select
        suggestion_id,
        bool_or(event_type = 'suggestion_accepted') as is_accepted,
        max(rating) as rating
    from {{ ref('stg_events') }}
    where event_type in ('suggestion_accepted', 'suggestion_rejected')
    group by suggestion_id
),

violations as (
    select suggestion_id, count(*) as violations
    from {{ ref('stg_events') }}
    where event_type = 'constraint_violation'
    group by suggestion_id
)

select
    served.suggestion_id,
    served.event_id,
    served.occurred_at as served_at,
    served.occurred_on as served_on,
    served.unit_id,
    served.session_id,
    served.policy_version_id,
    served.channel,
    served.latency_ms,
    served.tokens_in,
    served.tokens_out,
    served.cost_usd,
    served.predicted_quality,
    feedback.is_accepted,
    feedback.rating,
    coalesce(violations.violations, 0) as violations
from {{ ref('stg_events') }} as served
left join feedback on feedback.suggestion_id = served.suggestion_id
left join violations on violations.suggestion_id = served.suggestion_id
where served.event_type = 'suggestion_served'
