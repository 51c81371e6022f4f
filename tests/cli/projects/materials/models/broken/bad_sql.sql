{{ config(materialized='pieces') }}
select missing as piece
