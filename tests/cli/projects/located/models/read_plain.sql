select * from {{ source('files', 'plain') }}
