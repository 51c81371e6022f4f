{{ config(materialized=var('kind')) }}
select {{ var('round') }} as id
