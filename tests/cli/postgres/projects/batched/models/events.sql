{{ config(materialized='view', event_time='happened') }}
select * from {{ ref('raw_events') }}
