-- orders of a day
select ordered_on, count(*) as orders
from {{ ref('orders') }} join {{ ref('countries') }} using (country)
{# nothing else #}
group by {{ range(1, 2) | join(', ') }}
