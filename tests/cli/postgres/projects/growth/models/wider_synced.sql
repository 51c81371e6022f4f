{{ config(materialized='incremental', on_schema_change='sync_all_columns') }}
select id, batch, {% if var('batch') == 1 %}cast('abc' as varchar(3)){% else %}cast('abcdefgh' as varchar(8)){% endif %} as word,
    {% if var('batch') == 1 %}1::int{% else %}2::bigint{% endif %} as n, {% if var('batch') == 1 %}1.5::numeric(4,1){% else %}2.25::numeric(9,2){% endif %} as price
from {{ ref('orders') }}
{{ new_rows() }}
