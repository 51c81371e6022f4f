select '{{ ref("lookup").schema }}' as unqualified, '{{ ref("shop_source", "lookup").schema }}' as qualified,
       '{{ ref("packaged", "lookup") }}' as own, (select count(*) from {{ source('raw', 'numbers') }}) as n
