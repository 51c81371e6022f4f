-- Where each experiment stands by its primary metric.
select
    experiments.experiment,
    experiments.status,
    experiments.primary_metric,
    results.variant,
    results.control,
    results.treatment,
    results.difference,
    results.difference / nullif(results.control, 0) as relative_difference,
    results.p_value,
    results.significant
from {{ ref('stg_experiments') }} as experiments
inner join {{ ref('variant_significance') }} as results
    on results.experiment = experiments.experiment and results.metric = experiments.primary_metric
