{% snapshot taken %}
select 1 as id, timestamp '2024-01-01' as changed
{% endsnapshot %}
{% snapshot hourly %}{{ config(strategy='hourly') }}
select 1 as id, timestamp '2024-01-01' as changed
{% endsnapshot %}
{% snapshot deletes %}{{ config(hard_deletes='forget') }}
select 1 as id, timestamp '2024-01-01' as changed
{% endsnapshot %}
{% snapshot column %}
select 1 as id
{% endsnapshot %}
