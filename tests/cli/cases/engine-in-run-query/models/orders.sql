{% set rows = run_query('select * from nowhere') %}
select 1 as a
