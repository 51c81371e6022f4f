{{ config(alias='shop_lookup', schema='ignored', tags=['in_file']) }}
select 1 as id, 'of the package' as whose
