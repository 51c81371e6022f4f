{{ config(tags=['breaks']) }}
select id, happened, {% if model.batch and model.batch.id in var('broken', []) %}cast('no' as int){% else %}amount{% endif %} as amount
from {{ ref('readings') }}
