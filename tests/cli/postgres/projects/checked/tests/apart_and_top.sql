{{ config(error_if='>3') }}
select a.* from {{ ref('apart') }} a join {{ ref('top') }} t using (id)
