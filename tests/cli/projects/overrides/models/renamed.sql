{{ config(schema='apart', grants={'select': ['me']}) }}
select 1 as id
