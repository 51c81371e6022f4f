{{ config(materialized='ephemeral') }}
select id, "Colour" from {{ ref('source_rows') }}
