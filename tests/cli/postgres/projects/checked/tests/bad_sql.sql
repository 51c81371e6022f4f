select nothing_here from {{ ref('apart') }}
