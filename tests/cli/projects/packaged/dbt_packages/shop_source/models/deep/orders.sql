{{ config(materialized='view', meta={'by': 'file', 'own': 2}) }}
select l.id, 10 as amount, '{{ ref("lookup").identifier }}' as reads, {{ ours() }} as ours
from {{ ref('shop_source', 'lookup') }} as l
