{% if load_relation(this) %} select n + 1 as n from {{ this }} {% else %} select 1 as n {% endif %}
