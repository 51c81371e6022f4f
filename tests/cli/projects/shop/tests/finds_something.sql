-- {{ config(severity='warn', error_if='> 10', store_failures_as='view', alias='found', schema='kept') }}
select * from {{ ref('stg_orders') }} where status = 'lost'
