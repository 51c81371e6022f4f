select id from {{ source('files', 'happenings') }}
-- depends_on: {{ ref('raw_events') }}
