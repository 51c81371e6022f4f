{{- config(
    materialized='view' if target.name == 'prod' else 'table',
    pre_hook="insert into audit.log values (0, 'before {{ this.name }}')",
    sql_header="create temp macro if not exists double_it(x) as x * 2;",
    tags='money',
) -}}
select day, sum(amount) as revenue, double_it(sum(amount)) as doubled
from {{ ref('completed') }}
group by day
