select id as order_id, customer, country, amount, ordered_on, note
from {{ source('raw', 'raw_orders') }}
