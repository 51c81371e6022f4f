{{ config(pre_hook={'x': 1}) }}
select 1 as a
