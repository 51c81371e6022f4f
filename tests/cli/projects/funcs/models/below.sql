select {{ function('middle') }}(a) as m from {{ ref('uses') }}
