{{ config(materialized='fails_late') }}
select 1 as a
