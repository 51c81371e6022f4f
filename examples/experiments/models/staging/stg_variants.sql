select
    variants.id as variant_id,
    variants.experiment_id,
    experiments.name as experiment,
    variants.name as variant,
    variants.is_control,
    cast(variants.allocation as double precision) as allocation,
    variants.policy_version_id
from {{ source('exp', 'variants') }} as variants
inner join {{ source('exp', 'experiments') }} as experiments on experiments.id = variants.experiment_id
