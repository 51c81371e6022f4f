{{ config(enabled=var('load_all', false)) }}
select * from {{ ref('not_loaded') }}
