select id from {{ source('given', 'people') }}
