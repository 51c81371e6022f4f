-- Acceptance by variant, with a 95 % confidence interval (E. B. Wilson, 1927).
with counts as (
    select
        experiment,
        variant,
        is_control,
        count(*) as suggestions,
        cast(count(*) filter (where is_accepted) as double precision) as accepted
    from {{ ref('int_experiment_suggestions') }}
    where is_accepted is not null
    group by experiment, variant, is_control
),

rates as (
    select *, accepted / suggestions as acceptance_rate, 1.959963984540054e0 as z
    from counts
)

select
    experiment,
    variant,
    is_control,
    suggestions,
    acceptance_rate,
    (acceptance_rate + z * z / (2 * suggestions)
        - z * sqrt(acceptance_rate * (1 - acceptance_rate) / suggestions + z * z / (4 * suggestions * suggestions)))
    / (1 + z * z / suggestions) as low,
    (acceptance_rate + z * z / (2 * suggestions)
        + z * sqrt(acceptance_rate * (1 - acceptance_rate) / suggestions + z * z / (4 * suggestions * suggestions)))
    / (1 + z * z / suggestions) as high
from rates
