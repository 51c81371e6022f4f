select id as customer_id, name, zip, joined, coalesce(vip, false) as vip, score from {{ ref('shop', 'customers') }}
