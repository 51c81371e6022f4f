{{ config(materialized='table_function', parameters=['low', 'high']) }}
select * from {{ ref('plain_table') }} where n between low and high
