-- How ratings are spread, by variant.
select
    experiment,
    variant,
    rating,
    count(*) as suggestions,
    cast(count(*) / sum(count(*)) over (partition by experiment, variant) as double precision) as share
from {{ ref('int_experiment_suggestions') }}
where rating is not null
group by experiment, variant, rating
