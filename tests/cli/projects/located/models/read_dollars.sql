select * from {{ source('files', 'dollars') }}
