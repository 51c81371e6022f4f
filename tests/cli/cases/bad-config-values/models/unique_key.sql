{{ config(materialized='incremental', unique_key={'a': 1}) }}
select 1 as a
