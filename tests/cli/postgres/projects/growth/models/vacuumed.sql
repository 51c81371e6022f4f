{{ config(materialized='table', pre_hook={'sql': 'vacuum analyze {{ ref("raw_orders") }}', 'transaction': false},
  post_hook=[{'sql': 'vacuum analyze {{ this }}', 'transaction': false}, 'analyze {{ this }}']) }}
select id from {{ ref('raw_orders') }}
