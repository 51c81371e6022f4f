select
    {{ as_integer('id') }} as distribution_center_id,
    name as distribution_center_name,
    {{ as_float('latitude') }} as latitude,
    {{ as_float('longitude') }} as longitude
from {{ thelook('distribution_centers') }}
