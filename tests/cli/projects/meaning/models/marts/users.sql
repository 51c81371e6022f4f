select distinct user_id, user_id as id from {{ ref('orders') }}
