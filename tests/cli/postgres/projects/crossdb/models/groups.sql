select
    {{ dbt.any_value('1') }} as one,
    {{ dbt.bool_or('flag') }} as some,
    {{ dbt.default__bool_or('flag') }} as default_some,
    {{ dbt.listagg('name', "' '", 'order by id desc') }} as names,
    {{ dbt.listagg('name', "' '", 'order by id', 2) }} as two_names
from {{ ref('base') }}
