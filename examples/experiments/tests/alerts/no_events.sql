{{ config(severity='error', tags=['alert']) }}

-- Nothing was recorded for silence_limit_seconds.
select * from {{ ref('alerts') }} where alert = 'seconds_without_events' and is_up
