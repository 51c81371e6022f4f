{%- set text = "concat('" ~ var('ab_experiment') ~ ":', " ~ as_text('user_id') ~ ")" -%}

select
    user_id,
    -- The first hexadecimal digit is the hash's first four bits: half of its values start with 0 to 7.
    case
        when substr({{ md5_hex(text) }}, 1, 1) in ('0', '1', '2', '3', '4', '5', '6', '7') then 'A'
        else 'B'
    end as group_name
from {{ ref('stg_users') }}
