{{ config(materialized='view') }}
select id, "Colour" as colour, dbt_valid_from from {{ ref('plain') }} where dbt_valid_to is null
