select
    experiments.experiment_id,
    experiments.experiment,
    experiments.description,
    experiments.owner,
    experiments.primary_metric,
    experiments.started_at,
    extract(day from {{ var('now') }} - experiments.started_at) as days_running,
    variants.variants,
    coalesce(assignments.units, 0) as units
from {{ ref('stg_experiments') }} as experiments
left join (
    select experiment_id, count(*) as variants
    from {{ ref('stg_variants') }}
    group by experiment_id
) as variants on variants.experiment_id = experiments.experiment_id
left join (
    select experiment_id, count(*) as units
    from {{ ref('stg_assignments') }}
    group by experiment_id
) as assignments on assignments.experiment_id = experiments.experiment_id
where
    experiments.status = 'running'
    and experiments.started_at <= {{ var('now') }}
    and coalesce(experiments.ended_at > {{ var('now') }}, true)
