{{ config(materialized='ephemeral') }} select * from {{ ref('rejected') }}
