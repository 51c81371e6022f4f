select
    {{ as_integer('id') }} as inventory_item_id,
    {{ as_integer('product_id') }} as product_id,
    product_name,
    product_brand,
    product_category,
    product_department,
    product_sku,
    {{ as_money('cost') }} as cost,
    {{ as_money('product_retail_price') }} as product_retail_price,
    {{ as_integer('product_distribution_center_id') }} as distribution_center_id,
    cast(created_at as timestamp) as stocked_at,
    cast(sold_at as timestamp) as sold_at
from {{ thelook('inventory_items') }}
