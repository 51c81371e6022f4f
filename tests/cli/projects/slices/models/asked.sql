-- depends_on: {{ ref('events') }}
{% set rows = run_query('select count(*) as n from ' ~ ref('events')) %}
select {{ rows.columns[0].values()[0] if execute else 0 }} as n, {{ flags.EMPTY | lower }} as is_empty
