{{ config(materialized='table', database='shop') }}
select "Order Id" as "Order Id", "select", "Mixed" from {{ ref('odd_names') }}
