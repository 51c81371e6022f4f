select x from {{ ref('careful') }}
