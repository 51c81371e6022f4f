select * from {{ source('described', 'plain_rows') }} -- depends_on: {{ ref('plain_rows') }}
