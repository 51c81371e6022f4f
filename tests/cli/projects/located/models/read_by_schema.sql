select * from {{ source('files', 'by_schema') }}
