select
    o.id,
    {{ tools.doubled('o.amount') }} as twice,
    {{ tools.unit() }} as unit,
    {{ tools.rounding() }} as rounding,
    {{ which() }} as which_here,
    {{ tools.calls_which() }} as which_there,
    {{ tools.told_scale() }} as scale,
    '{{ var("everywhere") }}' as everywhere,
    '{{ var("only_tools", "not here") }}' as only_tools,
    '{{ tools.told_default() }}' as told_default
from {{ ref('orders') }} as o
join {{ ref('shop_source', 'lookup') }} as l on l.id = o.id
