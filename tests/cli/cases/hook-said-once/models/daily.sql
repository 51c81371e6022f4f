{{ config(materialized='table', pre_hook="{{ log('before ' ~ this.identifier, info=true) }}", post_hook=["{{ log('after', info=true) }}", "select 1"]) }}
select 1 as id
