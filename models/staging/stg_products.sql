select
    {{ as_integer('id') }} as product_id,
    name as product_name,
    brand,
    category,
    department,
    sku,
    {{ as_money('cost') }} as cost,
    {{ as_money('retail_price') }} as retail_price,
    {{ as_integer('distribution_center_id') }} as distribution_center_id
from {{ thelook('products') }}
