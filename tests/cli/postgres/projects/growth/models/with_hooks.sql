{{ config(
    materialized='incremental',
    unique_key='id',
    pre_hook=["insert into {{ this.schema }}.audit values ('inside', '{{ this.identifier }}')",
              {"sql": "create table if not exists {{ this.schema }}.audit (step varchar, target varchar)",
               "transaction": false},
              before_begin("insert into {{ this.schema }}.audit values ('before', '{{ this.name }}')")],
    post_hook=["insert into {{ this.schema }}.audit select 'after ' || count(*), '{{ this.name }}' from {{ this }}",
               after_commit("insert into {{ this.schema }}.audit values ('committed', '{{ this.name }}')")],
) }}
select {% if not is_incremental() %}distinct on (id){% endif %} id, batch from {{ ref('orders') }}
{{ new_rows() }}
{% if not is_incremental() %}order by id, batch desc{% endif %}
