{{ config(materialized='view') }}
select count(*) as n from {{ ref('events').render() }}, {{ ref('kinds') | string }}
