Text outside of blocks is nothing.

{% snapshot plain %}
select * from {{ ref('source_rows') }}
{% endsnapshot %}

{% snapshot by_two %}
{{ config(unique_key=['id', 'kind']) }}
select * from {{ ref('source_rows') }}
{% endsnapshot %}

{% snapshot by_expression %}
{{ config(unique_key="id || '-' || kind", alias='by_key', schema='own') }}
select * from {{ ref('source_rows') }}
{% endsnapshot %}

{% snapshot to_a_schema %}
{{ config(target_schema='kept', hard_deletes='ignore', unique_key='id') }}
select id, updated_at from {{ ref('source_rows') }}
{% endsnapshot %}

{% snapshot own_strategy %}
{{ config(strategy='by_amount') }}
select * from {{ ref('source_rows') }}
{% endsnapshot %}

{% snapshot own_strategy_of_a_package %}
{{ config(strategy='history.by_amount', pre_hook="insert into {{ ref('log') }} values (1, 'before {{ this.identifier }}')",
    post_hook=["insert into {{ ref('log') }} values (2, 'after')", {'sql': "insert into {{ ref('log') }} values (3, 'last')", 'transaction': false}]) }}
-- depends_on: {{ ref('log') }}
select id, "Colour", updated_at from {{ ref('source_rows') }}
{% endsnapshot %}

{% snapshot off %}
{{ config(enabled=false) }}
select 1 as id
{% endsnapshot %}
