{% snapshot marked %}
select * from {{ ref('source_rows') }}
{% endsnapshot %}

{% snapshot marked_by_two %}
{{ config(unique_key=['id', 'kind'], dbt_valid_to_current="'9999-12-31'::timestamp") }}
select * from {{ ref('source_rows') }}
{% endsnapshot %}

{% snapshot marked_and_named %}
{{ config(
    strategy='check', check_cols=['"Colour"'], updated_at=none,
    snapshot_meta_column_names={
        'dbt_valid_from': 'start_date', 'dbt_valid_to': 'end_date', 'dbt_scd_id': 'row_id',
        'dbt_updated_at': 'touched', 'dbt_is_deleted': 'gone'
    }
) }}
select id, kind, "Colour", updated_at from {{ ref('source_rows') }}
{% endsnapshot %}
