select id from {{ source('given', 'moved') }}
