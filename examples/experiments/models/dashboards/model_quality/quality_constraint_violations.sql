-- Violated constraints by day.
select
    occurred_on as day,
    experiment,
    variant,
    constraint_name,
    severity,
    count(*) as violations
from {{ ref('int_experiment_events') }}
where event_type = 'constraint_violation'
group by occurred_on, experiment, variant, constraint_name, severity
