select
    events.experiment,
    events.variant,
    events.is_control,
    suggestions.*
from {{ ref('int_suggestions') }} as suggestions
inner join {{ ref('int_experiment_events') }} as events on events.event_id = suggestions.event_id
