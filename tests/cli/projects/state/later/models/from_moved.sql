select code as id from {{ source('given', 'moved') }}
