-- Events and units by day: a line for each experiment.
select
    occurred_on as day,
    experiment,
    count(*) as events,
    count(distinct unit_id) as units
from {{ ref('int_experiment_events') }}
group by occurred_on, experiment
