{{ config(pre_hook={'sql': "insert into audit values ('pre', '{{ this.name }}')", 'transaction': false}) }}
select id, {{ dbt.dateadd('day', 1, 'made_at') }} as later from {{ ref('a_table') }}
