select a.n from {{ ref('apart') }} a, {{ ref('top') }}
