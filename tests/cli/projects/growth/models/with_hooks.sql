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
select id, batch from {{ ref('orders') }}
{{ new_rows() }}
{% if not is_incremental() %}qualify row_number() over (partition by id order by batch desc) = 1{% endif %}
