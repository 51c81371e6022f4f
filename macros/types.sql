{#- Type names. `date`, `timestamp` and `boolean` are spelled alike on every engine. -#}

{% macro integer_type() %}{{ return(adapter.dispatch('integer_type', 'execkpi')()) }}{% endmacro %}
{% macro default__integer_type() %}bigint{% endmacro %}
{% macro bigquery__integer_type() %}int64{% endmacro %}

{% macro float_type() %}{{ return(adapter.dispatch('float_type', 'execkpi')()) }}{% endmacro %}
{% macro default__float_type() %}double precision{% endmacro %}
{% macro bigquery__float_type() %}float64{% endmacro %}

{% macro text_type() %}{{ return(adapter.dispatch('text_type', 'execkpi')()) }}{% endmacro %}
{% macro default__text_type() %}text{% endmacro %}
{% macro bigquery__text_type() %}string{% endmacro %}

{#- An exact amount of money, rounded to cents, so that sums agree to the last digit everywhere. -#}
{% macro as_money(expression) %}{{ return(adapter.dispatch('as_money', 'execkpi')(expression)) }}{% endmacro %}
{% macro default__as_money(expression) %}cast({{ expression }} as numeric(18, 2)){% endmacro %}
{% macro bigquery__as_money(expression) %}round(cast({{ expression }} as numeric), 2){% endmacro %}

{% macro as_integer(expression) %}cast({{ expression }} as {{ integer_type() }}){% endmacro %}
{% macro as_float(expression) %}cast({{ expression }} as {{ float_type() }}){% endmacro %}
{% macro as_text(expression) %}cast({{ expression }} as {{ text_type() }}){% endmacro %}
