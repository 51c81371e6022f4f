select
    {% if execute %}n from {{ ref('orders') }}{% else %}1{% endif %}
