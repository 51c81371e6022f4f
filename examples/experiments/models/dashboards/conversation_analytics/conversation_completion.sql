-- Completion rate by variant.
select
    experiment,
    variant,
    count(*) as conversations,
    {{ rate("outcome = 'completed'") }} as completion_rate,
    {{ rate("outcome = 'abandoned'") }} as abandonment_rate
from {{ ref('conversation_sessions') }}
group by experiment, variant
