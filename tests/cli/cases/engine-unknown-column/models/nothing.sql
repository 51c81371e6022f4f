select zzz
from {{ ref('orders') }}
