{{ config(materialized='table', post_hook="{{ fill(this) }}") }}
select 0 as n, 'model' as by_whom
