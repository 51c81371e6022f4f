select
    {{ as_integer('id') }} as user_id,
    first_name,
    last_name,
    email,
    {{ as_integer('age') }} as age,
    gender,
    -- The raw data calls some countries by their own names, beside or instead of the English ones.
    case country
        when 'Brasil' then 'Brazil'
        when 'España' then 'Spain'
        when 'Deutschland' then 'Germany'
        else country
    end as country,
    state,
    city,
    postal_code,
    street_address,
    {{ as_float('latitude') }} as latitude,
    {{ as_float('longitude') }} as longitude,
    traffic_source,
    cast(created_at as timestamp) as signed_up_at
from {{ thelook('users') }}
