{{ config(tags=['fragile']) }}
select id, happened, {% if var('break', '') == (model.batch.id if model.batch else '') %}cast('no' as int){% else %}1{% endif %} as one from {{ ref('events') }}
