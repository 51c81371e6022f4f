select day, 1 as fiscal_month from {{ ref('orders') }}
