{{ config(limit=2, severity='warn') }}
select * from {{ ref('kept') }} union all select * from {{ ref('kept') }}
