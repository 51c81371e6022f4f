{{ config(materialized='incremental', unique_key='id') }}
select id, batch, {% if var('batch') == 1 %}cast('abcdefgh' as varchar(8)){% else %}cast('abc' as varchar(3)){% endif %} as short,
    {% if var('batch') == 1 %}cast('abc' as varchar(3)){% else %}cast('abcdefgh' as varchar(8)){% endif %} as word
from {{ ref('orders') }}
{{ new_rows() }}
