select sku, price * 2 as twice, typeof(price) as price_type, typeof(since) as since_type from {{ ref('prices') }}
