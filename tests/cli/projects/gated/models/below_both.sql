select a.n from {{ ref('both') }} a
