select * from {{ ref('rejected') }}
