{% snapshot check_all %}
{{ config(check_cols='all') }}
select * from {{ ref('source_rows') }}
{% endsnapshot %}

{% snapshot check_some %}
{{ config(check_cols=['"Colour"', 'amount'] if var('round') < 5 else ['"Colour"']) }}
select * from {{ ref('source_rows') }}
{% endsnapshot %}

{% snapshot check_and_date %}
{{ config(check_cols=['kind'], updated_at='updated_at', hard_deletes='invalidate', unique_key=['id', 'kind']) }}
select * from {{ ref('source_rows') }}
{% endsnapshot %}

{% snapshot check_legacy %}
{{ config(check_cols='all', invalidate_hard_deletes=true) }}
select id, "Colour" from {{ ref('light') }}
{% endsnapshot %}

{% snapshot real_times %}
{{ config(check_cols='all', target_schema='hidden', hard_deletes='invalidate') }}
select id, kind, "Colour" from {{ ref('source_rows') }}
{% endsnapshot %}
