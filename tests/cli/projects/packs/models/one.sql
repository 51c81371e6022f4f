select
    {{ tools.cents('amount') }} as dollars,
    '{{ label("x") }}' as label,
    '{{ tools.label("x") }}' as package_label,
    '{{ tools.greet() }}' as greeting,
    '{{ rates.rate() }}' as rate,
    '{{ var("everywhere") }}' as everywhere,
    '{{ var("shadowed") }}' as shadowed,
    '{{ var("package_default", "root has none") }}' as package_default,
    '{{ tools.shows_var() }}' as shows_var,
    '{{ tools.calls_unqualified() }}' as unqualified,
    '{{ twice_named() }}' as twice_named
from {{ ref('amounts') }}
