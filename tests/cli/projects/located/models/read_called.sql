select * from {{ source('files', 'called') }}
