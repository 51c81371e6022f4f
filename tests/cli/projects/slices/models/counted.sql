select kind, count(*) as n from {{ ref('through') }} group by kind
