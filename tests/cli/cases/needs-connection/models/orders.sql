{% set rows = run_query('select 1') %}
select {{ rows.rows | length }} as n
