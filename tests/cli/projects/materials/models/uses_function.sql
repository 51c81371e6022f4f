{{ config(materialized='table') }}
select * from {{ ref('parameters') }}(2, 3), {{ ref('no_parameters') }}()
