-- Whether units were assigned as the experiment says: a small p-value means that the assignment is broken.
with variants as (
    select
        variants.experiment,
        variants.variant,
        variants.allocation,
        count(assignments.unit_id) as units
    from {{ ref('stg_variants') }} as variants
    left join {{ ref('stg_assignments') }} as assignments on assignments.variant_id = variants.variant_id
    group by variants.experiment, variants.variant, variants.allocation
),

shares as (
    select
        *,
        sum(units) over (partition by experiment) as experiment_units,
        allocation / sum(allocation) over (partition by experiment) * sum(units) over (partition by experiment) as expected_units
    from variants
),

statistics as (
    select
        experiment,
        cast(sum((units - expected_units) * (units - expected_units) / expected_units) as double precision) as statistic,
        count(*) - 1 as degrees_of_freedom
    from shares
    where experiment_units > 0
    group by experiment
)

select
    shares.experiment,
    shares.variant,
    shares.allocation,
    shares.units,
    shares.expected_units,
    {{ chi_square_sf('statistics.statistic', 'statistics.degrees_of_freedom') }} as mismatch_p_value
from shares
inner join statistics on statistics.experiment = shares.experiment
