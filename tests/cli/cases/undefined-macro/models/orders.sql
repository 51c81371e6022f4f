select
    order_id,
    {{ cents_to_dolars('amount') }} as amount
from raw_orders
