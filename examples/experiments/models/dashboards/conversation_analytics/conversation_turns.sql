-- How many turns conversations take.
select
    experiment,
    variant,
    outcome,
    turns,
    count(*) as conversations
from {{ ref('conversation_sessions') }}
group by experiment, variant, outcome, turns
