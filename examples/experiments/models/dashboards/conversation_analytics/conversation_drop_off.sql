-- Drop-off by state: the share of the conversations in a state that end there, and the state that loses most.
select
    experiment,
    variant,
    step,
    state,
    sessions_reached,
    sessions_dropped,
    drop_off_rate,
    rank() over (partition by experiment, variant order by drop_off_rate desc) = 1 as is_worst
from {{ ref('flow_drop_off_points') }}
