select
    reached.experiment,
    reached.variant,
    reached.step,
    reached.state,
    reached.sessions as sessions_reached,
    coalesce(dropped.sessions, 0) as sessions_dropped,
    cast(coalesce(dropped.sessions, 0) as double precision) / nullif(reached.sessions, 0) as drop_off_rate
from {{ ref('conversation_funnel') }} as reached
left join (
    select experiment, variant, last_state as state, count(*) as sessions
    from {{ ref('conversation_sessions') }}
    where outcome = 'abandoned'
    group by experiment, variant, last_state
) as dropped
    on dropped.experiment = reached.experiment and dropped.variant = reached.variant and dropped.state = reached.state
where reached.state <> 'completed'
