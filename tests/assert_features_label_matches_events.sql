-- The label, counted again from the events themselves: a user has converted in a snapshot's window
-- exactly if a purchase lies in it.
with expected as (

    select distinct
        features.user_id,
        features.snapshot_date
    from {{ ref('features_conversion') }} as features
    inner join {{ ref('stg_events') }} as events
        on features.user_id = events.user_id
    where
        events.event_type = 'purchase'
        and {{ days_between('features.snapshot_date', to_date('events.occurred_at')) }} between 0 and 13

)

select
    features.user_id,
    features.snapshot_date,
    features.will_convert_14d
from {{ ref('features_conversion') }} as features
left join expected
    on
        features.user_id = expected.user_id
        and features.snapshot_date = expected.snapshot_date
where features.will_convert_14d <> (expected.user_id is not null)
