select id, happened, {% if is_incremental() %}(select count(*) from {{ this }}){% else %}0{% endif %} as before
from {{ ref('readings') }}
