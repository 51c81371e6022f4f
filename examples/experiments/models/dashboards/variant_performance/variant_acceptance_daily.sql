-- Acceptance over time: a line for each variant.
select
    served_on as day,
    experiment,
    variant,
    count(is_accepted) as suggestions,
    {{ rate('is_accepted') }} as acceptance_rate
from {{ ref('int_experiment_suggestions') }}
group by served_on, experiment, variant
