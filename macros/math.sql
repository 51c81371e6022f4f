{#- A quotient as a floating-point number, whatever the operands are; null if the divisor is zero. -#}
{% macro ratio(numerator, denominator) %}{{ return(adapter.dispatch('ratio', 'execkpi')(numerator, denominator)) }}{% endmacro %}
{% macro default__ratio(numerator, denominator) %}({{ as_float(numerator) }} / nullif({{ as_float(denominator) }}, 0)){% endmacro %}
{% macro bigquery__ratio(numerator, denominator) %}safe_divide({{ as_float(numerator) }}, {{ as_float(denominator) }}){% endmacro %}

{#- The MD5 hash of a text as 32 lower-case hexadecimal digits. -#}
{% macro md5_hex(text) %}{{ return(adapter.dispatch('md5_hex', 'execkpi')(text)) }}{% endmacro %}
{% macro default__md5_hex(text) %}md5({{ text }}){% endmacro %}
{% macro bigquery__md5_hex(text) %}to_hex(md5({{ text }})){% endmacro %}

{#- A polynomial in Horner's form. Coefficients are texts, the highest power first. -#}
{% macro polynomial(x, coefficients) %}
    {%- set ns = namespace(sql=coefficients[0]) -%}
    {%- for coefficient in coefficients[1:] -%}
        {%- set ns.sql = '(' ~ ns.sql ~ ' * ' ~ x ~ ' + ' ~ coefficient ~ ')' -%}
    {%- endfor -%}
    {{ return(ns.sql) }}
{% endmacro %}

{#-
    The complementary error function of `x`, a floating-point column that is not negative.

    W. J. Cody, "Rational Chebyshev approximations for the error function", Mathematics of
    Computation 23 (1969). The relative error is below 1e-13. From 26 on the result is 0 instead of
    something less than 1e-295, because exp() raises an error when it underflows on some engines. Null gives null.
-#}
{% macro erfc(x) %}
    {%- set square = '(' ~ x ~ ' * ' ~ x ~ ')' -%}
    {%- set inverse = '(1e0 / ' ~ square ~ ')' -%}
    case
        when {{ x }} < 0.46875 then 1e0 - {{ x }}
            * {{ polynomial(square, [
                '1.85777706184603153e-1', '3.16112374387056560e0', '1.13864154151050156e2',
                '3.77485237685302021e2', '3.20937758913846947e3',
            ]) }}
            / {{ polynomial(square, [
                '1e0', '2.36012909523441209e1', '2.44024637934444173e2', '1.28261652607737228e3',
                '2.84423683343917062e3',
            ]) }}
        when {{ x }} < 4 then exp(-{{ square }})
            * {{ polynomial(x, [
                '2.15311535474403846e-8', '5.64188496988670089e-1', '8.88314979438837594e0',
                '6.61191906371416295e1', '2.98635138197400131e2', '8.81952221241769090e2',
                '1.71204761263407058e3', '2.05107837782607147e3', '1.23033935479799725e3',
            ]) }}
            / {{ polynomial(x, [
                '1e0', '1.57449261107098347e1', '1.17693950891312499e2', '5.37181101862009858e2',
                '1.62138957456669019e3', '3.29079923573345963e3', '4.36261909014324716e3',
                '3.43936767414372164e3', '1.23033935480374942e3',
            ]) }}
        when {{ x }} < 26 then exp(-{{ square }}) / {{ x }} * (
            5.6418958354775628695e-1
            - {{ inverse }} * {{ polynomial(inverse, [
                '1.63153871373020978e-2', '3.05326634961232344e-1', '3.60344899949804439e-1',
                '1.25781726111229246e-1', '1.60837851487422766e-2', '6.58749161529837803e-4',
            ]) }}
            / {{ polynomial(inverse, [
                '1e0', '2.56852019228982242e0', '1.87295284992346047e0', '5.27905102951428412e-1',
                '6.05183413124413191e-2', '2.33520497626869185e-3',
            ]) }}
        )
        else 0e0 * {{ x }}
    end
{%- endmacro %}
