{% macro twice() %}
{% call statement('orders', fetch_result=true) %}select 1 as id{% endcall %}
{% do print(load_result('orders').table.columns[0].values()) %}
{% do print(load_result('orders').table.columns[0].values()) %}
{% endmacro %}
