select * from {{ ref(['a']) }}
