select *

from {{ ref('b') }}
