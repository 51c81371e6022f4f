{{ config(materialized='named', flavour='sweet') }}
select 1 as unused
