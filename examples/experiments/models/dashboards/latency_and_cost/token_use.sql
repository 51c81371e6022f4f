-- Tokens by variant, all together and for each request.
select
    experiment,
    variant,
    event_type,
    count(*) as requests,
    sum(tokens_in) as tokens_in,
    sum(tokens_out) as tokens_out,
    cast(avg(tokens_in) as double precision) as tokens_in_per_request,
    cast(avg(tokens_out) as double precision) as tokens_out_per_request
from {{ ref('int_experiment_events') }}
where tokens_in is not null
group by experiment, variant, event_type
