{{ config(materialized='fails_late') }}
select {{ 2 if var('fails') else 1 }} as n, 'x' as t
