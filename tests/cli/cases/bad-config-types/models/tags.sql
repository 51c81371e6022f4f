{{ config(tags={'a': 1}) }}
select 1 as a
