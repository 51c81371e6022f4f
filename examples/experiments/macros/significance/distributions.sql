{#-
    Probabilities of the normal, chi-square and Student t distributions, for Postgres and DuckDB.

    Arguments are columns or expressions of columns, not aggregates: aggregate in a subquery first. Null gives null.
    Columns that are called grid_point or grid_log_weight need the name of their table before them.

    A tail probability is the integral of the density over the tail, divided by that over the whole range, so that no gamma
    function is needed. Each integral is a sum over a doubly exponential grid, whose error falls like exp(-c / step):
    H. Takahasi and M. Mori, "Double exponential formulas for numerical integration", Publications of the Research
    Institute for Mathematical Sciences 9 (1974). Relative errors are below 1e-9, also far out in the tails. What is less
    than 1e-290 may come out as 0.
-#}

{#- P(X > x) of a standard normal X. -#}
{% macro normal_sf(x) -%}
    case
        when {{ x }} >= 0 then 0.5 * {{ significance_normal_tail(x) }}
        else 1 - 0.5 * {{ significance_normal_tail('(-(' ~ x ~ '))') }}
    end
{%- endmacro %}

{#- P(X <= x) of a standard normal X. -#}
{% macro normal_cdf(x) -%}
    {{ normal_sf('(-(' ~ x ~ '))') }}
{%- endmacro %}

{#- P(|X| > |x|) of a standard normal X. -#}
{% macro normal_two_sided(x) -%}
    {{ significance_normal_tail('abs(' ~ x ~ ')') }}
{%- endmacro %}

{#- P(|T| > |t|) of Student's t with `df` degrees of freedom, at least 1 and not necessarily whole:
    the regularized incomplete beta function I(df / (df + t²); df / 2, 1 / 2). -#}
{% macro student_t_two_sided(t, df) -%}
    {%- call(u) significance_tail('abs(' ~ t ~ ')', 'exp_sinh') -%}
        -((cast({{ df }} as double precision) + 1) / 2)
        * {{ significance_ln1p('(' ~ u ~ ' * ' ~ u ~ ' / (' ~ df ~ '))') }}
    {%- endcall -%}
{%- endmacro %}

{#- P(X > x) of a chi-square X with `df` degrees of freedom, 1 to 2000: the regularized incomplete gamma
    function Q(df / 2, x / 2). -#}
{% macro chi_square_sf(x, df) -%}
    {%- set a = '(cast(' ~ df ~ ' as double precision) / 2 - 1)' -%}
    case
        when {{ x }} <= 0 then cast(1 as double precision)
        when {{ x }} > 0 then {% call(u) significance_tail('(cast(greatest(' ~ x ~ ', 0) as double precision) / 2)', 'exp_exp') -%}
            {{ a }} * ln({{ u }}) - {{ u }}
            {#- The logarithm of the greatest density, so that exp() stays in range. #}
            - case when {{ a }} > 0 then {{ a }} * ln(greatest({{ a }}, 1e-9)) - {{ a }} else 0 end
        {%- endcall %}
    end
{%- endmacro %}

{% macro significance_normal_tail(x) -%}
    {%- call(u) significance_tail(x, 'exp_sinh') -%}
        -0.5 * {{ u }} * {{ u }}
    {%- endcall -%}
{%- endmacro %}

{#- The integral of a density from `x` to infinity, divided by the one from 0. The caller writes the logarithm of the
    density at the point it is given; `grid` says how the points are spread. -#}
{% macro significance_tail(x, grid) -%}
(
    select sum({{ significance_exp('far') }}) / sum({{ significance_exp('near') }})
    from (
        select
            grid_log_weight + {{ caller('(' ~ x ~ ' + grid_point)') }} as far,
            grid_log_weight + {{ caller('grid_point') }} as near
        from {{ significance_grid(grid) }}
    ) as densities
)
{%- endmacro %}

{#- The points of a grid and the logarithms of their weights. `exp_sinh` is for densities that fall like a power,
    `exp_exp` for those that fall exponentially. -#}
{% macro significance_grid(grid) -%}
    {%- if grid == 'exp_sinh' -%}
        (
            select
                exp(1.5707963267948966 * sinh(v)) as grid_point,
                1.5707963267948966 * sinh(v) + ln(cosh(v)) as grid_log_weight
            from (select cast(k * 0.05 as double precision) as v from generate_series(-80, 80) as steps(k)) as steps
        ) as grid
    {%- else -%}
        (
            select
                exp(v - exp(-v)) as grid_point,
                v - exp(-v) + ln(1 + exp(-v)) as grid_log_weight
            from (select cast(k * 0.025 as double precision) as v from generate_series(-160, 360) as steps(k)) as steps
        ) as grid
    {%- endif -%}
{%- endmacro %}

{#- exp(), which Postgres refuses to let underflow. -#}
{% macro significance_exp(x) -%}
    case when {{ x }} < -700 then 0 else exp({{ x }}) end
{%- endmacro %}

{#- ln(1 + x), also where x is so small that 1 + x is 1. -#}
{% macro significance_ln1p(x) -%}
    case
        when {{ x }} < 1e-3 then {{ x }} * (1 - {{ x }} * (0.5 - {{ x }} * (1e0 / 3 - {{ x }} * (0.25 - {{ x }} / 5))))
        else ln(1 + {{ x }})
    end
{%- endmacro %}
