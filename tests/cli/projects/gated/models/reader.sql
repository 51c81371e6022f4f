select id, size from {{ source('outside', 'raw_items') }}
