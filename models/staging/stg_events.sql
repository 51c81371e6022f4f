select
    {{ as_integer('id') }} as event_id,
    {{ as_integer('user_id') }} as user_id,
    session_id,
    {{ as_integer('sequence_number') }} as sequence_number,
    event_type,
    uri,
    traffic_source,
    browser,
    ip_address,
    city,
    state,
    postal_code,
    cast(created_at as timestamp) as occurred_at
from {{ thelook('events') }}
