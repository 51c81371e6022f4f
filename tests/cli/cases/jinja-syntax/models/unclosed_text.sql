select {{ ref('a) }}
