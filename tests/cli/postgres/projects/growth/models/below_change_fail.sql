select count(*) as n from {{ ref('change_fail') }}
