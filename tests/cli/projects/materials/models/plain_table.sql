{{ config(materialized='table') }}
select n, piece from {{ ref('seen') }}
