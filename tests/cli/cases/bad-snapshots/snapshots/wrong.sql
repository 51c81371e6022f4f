{% snapshot no_key %}{{ config(unique_key='') }}
select 1 as id, now() as changed
{% endsnapshot %}
{% snapshot no_columns %}{{ config(strategy='check') }}
select 1 as id
{% endsnapshot %}
{% snapshot no_list %}{{ config(strategy='check', check_cols='status') }}
select 1 as id
{% endsnapshot %}
{% snapshot both %}{{ config(check_cols='all') }}
select 1 as id
{% endsnapshot %}
{% snapshot as_table %}{{ config(materialized='table') }}
select 1 as id
{% endsnapshot %}
{% snapshot no_time %}{{ config(updated_at='') }}
select 1 as id
{% endsnapshot %}
