{{ config(severity='error', tags=['alert']) }}

-- Suggestions violated hard constraints.
select * from {{ ref('alerts') }} where alert = 'constraint_violations' and is_up
