{{ config(alias='Odd Name', schema='My Schema') }} select * from {{ ref('a') }} where id > 1
