{{ config(severity='warn', tags=['alert']) }}

-- A variant is accepted less often than the control was, by acceptance_drop or more of its rate.
select * from {{ ref('alerts') }} where alert = 'acceptance_rate' and is_up
