{# What the source holds at the time of a batch. #}
select * from {{ ref('raw_orders') }} where batch <= {{ var('batch') }}
