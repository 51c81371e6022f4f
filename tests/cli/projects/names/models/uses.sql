select e, '{{ builtins.ref("no_relation") }}' as cte from {{ ref('no_relation') }}
