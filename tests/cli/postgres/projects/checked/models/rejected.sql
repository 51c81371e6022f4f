select 1/0 as x, no_such_column from {{ ref('points') }}
