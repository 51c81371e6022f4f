{{ config(materialized='ephemeral') }}
select '{{ this }}' as e
