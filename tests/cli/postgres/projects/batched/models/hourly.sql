{{ config(batch_size='hour', begin='2024-01-01T10:00:00', on_schema_change='append_new_columns', concurrent_batches=false) }}
select id, happened{% if var('wide', false) %}, kind{% endif %} from {{ ref('events') }}
