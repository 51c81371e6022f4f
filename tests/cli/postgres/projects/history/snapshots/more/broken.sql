{% snapshot no_strategy_of_that_name %}
{{ config(enabled=var('broken'), strategy='hourly') }}
select * from {{ ref('source_rows') }}
{% endsnapshot %}

{% snapshot no_such_deletes %}
{{ config(enabled=var('broken'), hard_deletes='forget') }}
select * from {{ ref('source_rows') }}
{% endsnapshot %}

{% snapshot both_deletes %}
{{ config(enabled=var('broken'), hard_deletes='ignore', invalidate_hard_deletes=true) }}
select * from {{ ref('source_rows') }}
{% endsnapshot %}

{% snapshot onto_a_table %}
{{ config(enabled=var('broken'), alias='made_by_hand') }}
select * from {{ ref('source_rows') }}
{% endsnapshot %}

{% snapshot onto_a_view %}
{{ config(enabled=var('broken'), alias='seen_by_hand') }}
select * from {{ ref('source_rows') }}
{% endsnapshot %}

{% snapshot no_such_column %}
{{ config(enabled=var('broken'), unique_key='missing') }}
select * from {{ ref('source_rows') }}
{% endsnapshot %}

{% snapshot marked_later %}
{{ config(enabled=var('broken'), hard_deletes='new_record' if var('round') == 5 else 'ignore') }}
select * from {{ ref('source_rows') }}
{% endsnapshot %}

{% snapshot added_twice %}
{{ config(enabled=var('broken')) }}
select * from {{ ref('source_rows') }} union all select * from {{ ref('source_rows') }}
{% endsnapshot %}
