{{ config(materialized='table', freshness={'build_after': {'count': 1, 'period': 'day'}}) }}
select timestamp '2020-01-01 10:00:00' as seen where false
