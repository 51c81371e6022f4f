{{ config.require('owner') }}
select 1 as a
