select * from {{ source('files', 'kept') }}
