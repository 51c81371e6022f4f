select count(*) as n from {{ ref('reader') }}
