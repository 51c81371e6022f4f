with states as (
    {% for state in var('conversation_states') -%}
    select '{{ state }}' as state, {{ loop.index }} as step
    union all
    {% endfor -%}
    select 'completed' as state, {{ var('conversation_states') | length + 1 }} as step
)

select
    sessions.experiment,
    sessions.variant,
    states.step,
    states.state,
    count(*) filter (where sessions.reached >= states.step) as sessions,
    cast(count(*) filter (where sessions.reached >= states.step) as double precision) / count(*) as share_of_started
from (
    select
        experiment,
        variant,
        case when outcome = 'completed' then {{ var('conversation_states') | length + 1 }} else last_step end as reached
    from {{ ref('conversation_sessions') }}
) as sessions
cross join states
group by sessions.experiment, sessions.variant, states.step, states.state
