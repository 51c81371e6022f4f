{#-
    Tests of significance, for Postgres and DuckDB. Each writes a query over a relation with a row for each observation, and
    compares each treatment with the control.

        relation   ref('…'), source('…'), or the name of a common table expression
        value      an expression: a condition for two_proportion_z, a category for chi_square, otherwise a number.
                   Observations for which it is null are left out.
        variant    the column that says which variant the observation is of
        control    a condition that holds for observations of the control
        by         columns; there is a comparison for each combination of their values
        metric     what to call it in the result
        alpha      a p-value below it is significant

    Columns of the result: those of `by`, metric, test, variant, control_count, treatment_count, control, treatment,
    difference, statistic, degrees_of_freedom, p_value, significant. The p-value is two-sided, and null where the data does
    not determine it.

    `offset 0` keeps Postgres from copying the expressions of a subquery to every place where they are used.
-#}

{#- Pooled two-proportion z-test. `control` and `treatment` are the shares for which the condition holds. -#}
{% macro two_proportion_z(relation, value, variant, control, by=[], metric='rate', alpha=0.05) -%}
    {%- set pooled = '((t.total + c.total) / (t.observations + c.observations))' -%}
    {%- call(side) significance_query(relation, value, variant, control, by, metric, 'two_proportion_z', alpha,
        number='case when ' ~ value ~ ' then 1e0 else 0e0 end',
        statistic='(t.mean - c.mean) / nullif(sqrt(' ~ pooled ~ ' * (1 - ' ~ pooled ~ ')'
            ~ ' * (1e0 / t.observations + 1e0 / c.observations)), 0)',
        df='cast(null as double precision)') -%}
        {{ normal_two_sided('statistic') }}
    {%- endcall -%}
{%- endmacro %}

{#- Welch's t-test. `control` and `treatment` are means. -#}
{% macro welch_t(relation, value, variant, control, by=[], metric='mean', alpha=0.05) -%}
    {%- set (t, c) = ('(t.variance / t.observations)', '(c.variance / c.observations)') -%}
    {%- call(side) significance_query(relation, value, variant, control, by, metric, 'welch_t', alpha,
        number='cast(' ~ value ~ ' as double precision)',
        statistic='(t.mean - c.mean) / nullif(sqrt(' ~ t ~ ' + ' ~ c ~ '), 0)',
        df='(' ~ t ~ ' + ' ~ c ~ ') * (' ~ t ~ ' + ' ~ c ~ ') / nullif('
            ~ t ~ ' * ' ~ t ~ ' / nullif(t.observations - 1, 0) + '
            ~ c ~ ' * ' ~ c ~ ' / nullif(c.observations - 1, 0), 0)') -%}
        {{ student_t_two_sided('statistic', 'degrees_of_freedom') }}
    {%- endcall -%}
{%- endmacro %}

{#- The test of independence of variant and category, without Yates's correction. `control` and `treatment` are the shares of
    the category whose share differs most. -#}
{% macro chi_square(relation, value, variant, control, by=[], metric='category', alpha=0.05) -%}
{%- set expected_control = '(control_n + treatment_n) * control_count / (control_count + treatment_count)' -%}
{%- set expected_treatment = '(control_n + treatment_n) * treatment_count / (control_count + treatment_count)' -%}
select
    {{ significance_columns(by) }}
    '{{ metric }}' as metric,
    'chi_square' as test,
    variant,
    control_count,
    treatment_count,
    control,
    treatment,
    treatment - control as difference,
    statistic,
    degrees_of_freedom,
    p_value,
    p_value < {{ alpha }} as significant
from (
    select
        *,
        {{ chi_square_sf('statistic', 'degrees_of_freedom') }} as p_value
    from (
        select
            {{ significance_columns(by) }}
            variant,
            cast(max(control_count) as bigint) as control_count,
            cast(max(treatment_count) as bigint) as treatment_count,
            max(case when place = 1 then control_n / control_count end) as control,
            max(case when place = 1 then treatment_n / treatment_count end) as treatment,
            sum(
                (control_n - {{ expected_control }}) * (control_n - {{ expected_control }}) / ({{ expected_control }})
                + (treatment_n - {{ expected_treatment }}) * (treatment_n - {{ expected_treatment }})
                / ({{ expected_treatment }})
            ) as statistic,
            cast(count(*) - 1 as double precision) as degrees_of_freedom
        from (
            select
                *,
                row_number() over (
                    partition by {{ significance_columns(by) }} variant
                    order by abs(treatment_n / treatment_count - control_n / control_count) desc, category
                ) as place
            from (
                select
                    *,
                    sum(control_n) over (partition by {{ significance_columns(by) }} variant) as control_count,
                    sum(treatment_n) over (partition by {{ significance_columns(by) }} variant) as treatment_count
                from (
                    select
                        {{ significance_columns(by) }}
                        variant,
                        number as category,
                        cast(sum(is_control) as double precision) as control_n,
                        cast(sum(1 - is_control) as double precision) as treatment_n
                    from ({{ significance_pooled(relation, value, value, variant, control, by) }}) as pooled
                    group by {{ significance_columns(by) }} variant, number
                ) as cells
            ) as totals
            where control_count > 0 and treatment_count > 0
        ) as shares
        group by {{ significance_columns(by) }} variant
        offset 0
    ) as statistics
    offset 0
) as results
{%- endmacro %}

{#- The Mann-Whitney U test by its normal approximation, corrected for ties and for continuity. `control` and `treatment` are
    medians, `statistic` is the U of the treatment. -#}
{% macro mann_whitney_u(relation, value, variant, control, by=[], metric='median', alpha=0.05) -%}
{%- set middle = '(control_count * treatment_count / 2e0)' -%}
select
    {{ significance_columns(by) }}
    '{{ metric }}' as metric,
    'mann_whitney_u' as test,
    variant,
    control_count,
    treatment_count,
    control,
    treatment,
    treatment - control as difference,
    statistic,
    cast(null as double precision) as degrees_of_freedom,
    p_value,
    p_value < {{ alpha }} as significant
from (
    select
        *,
        case when z <= 0 then 1e0 else {{ normal_two_sided('z') }} end as p_value
    from (
        select
            *,
            (abs(statistic - {{ middle }}) - 0.5) / nullif(sqrt(
                control_count / 12e0 * treatment_count * (
                    (control_count + treatment_count + 1)
                    - ties / (control_count + treatment_count) / (control_count + treatment_count - 1)
                )
            ), 0) as z
        from (
            select
                {{ significance_columns(by) }}
                variant,
                cast(sum(is_control) as bigint) as control_count,
                cast(sum(1 - is_control) as bigint) as treatment_count,
                percentile_cont(0.5) within group (order by case when is_control = 1 then number end) as control,
                percentile_cont(0.5) within group (order by case when is_control = 0 then number end) as treatment,
                sum((1 - is_control) * (place + (alike - 1) / 2e0))
                - sum(1 - is_control) * (sum(1 - is_control) + 1) / 2e0 as statistic,
                sum(cast(alike as double precision) * alike - 1) as ties
            from (
                select
                    *,
                    rank() over (partition by {{ significance_columns(by) }} variant order by number) as place,
                    count(*) over (partition by {{ significance_columns(by) }} variant, number) as alike
                from (
                    {{ significance_pooled(
                        relation, value, 'cast(' ~ value ~ ' as double precision)', variant, control, by
                    ) }}
                ) as pooled
            ) as ranked
            group by {{ significance_columns(by) }} variant
            offset 0
        ) as ranks
        where control_count > 0 and treatment_count > 0
        offset 0
    ) as scores
    offset 0
) as results
{%- endmacro %}

{#- The comparison of means that the z- and the t-test share. The caller writes the p-value of `statistic`. -#}
{% macro significance_query(relation, value, variant, control, by, metric, test, alpha, number, statistic, df) -%}
select
    {{ significance_columns(by) }}
    '{{ metric }}' as metric,
    '{{ test }}' as test,
    variant,
    control_count,
    treatment_count,
    control,
    treatment,
    treatment - control as difference,
    statistic,
    degrees_of_freedom,
    p_value,
    p_value < {{ alpha }} as significant
from (
    select
        *,
        {{ caller() }} as p_value
    from (
        select
            {{ significance_columns(by, 't') }}
            t.variant,
            c.observations as control_count,
            t.observations as treatment_count,
            c.mean as control,
            t.mean as treatment,
            {{ statistic }} as statistic,
            {{ df }} as degrees_of_freedom
        from (
            {{ significance_moments(relation, value, number, 'not (' ~ control ~ ')', by + [variant], variant) }}
        ) as t
        inner join (
            {{ significance_moments(relation, value, number, control, by, 'null') }}
        ) as c on 1 = 1
            {%- for column in by %} and t.{{ column }} is not distinct from c.{{ column }}{% endfor %}
        offset 0
    ) as statistics
    offset 0
) as results
{%- endmacro %}

{#- Number, sum, mean and variance of the observations for which a condition holds. -#}
{% macro significance_moments(relation, value, number, condition, columns, variant) -%}
select
    {{ significance_columns(columns | reject('equalto', variant) | list) }}
    {% if variant != 'null' %}{{ variant }} as variant,{% endif %}
    count(*) as observations,
    sum({{ number }}) as total,
    avg({{ number }}) as mean,
    var_samp({{ number }}) as variance
from {{ relation }}
where ({{ condition }}) and ({{ value }}) is not null
{%- if columns %}
group by {{ columns | join(', ') }}
{%- else %}
having count(*) > 0
{%- endif %}
{%- endmacro %}

{#- The observations of each treatment, each time with those of the control. -#}
{% macro significance_pooled(relation, value, number, variant, control, by) -%}
select {{ significance_columns(by) }} {{ variant }} as variant, 0 as is_control, {{ number }} as number
from {{ relation }}
where not ({{ control }}) and ({{ value }}) is not null
union all
select {{ significance_columns(by, 'c') }} t.variant, 1 as is_control, c.number
from (
    select {{ significance_columns(by) }} {{ number }} as number
    from {{ relation }}
    where ({{ control }}) and ({{ value }}) is not null
) as c
inner join (
    select distinct {{ significance_columns(by) }} {{ variant }} as variant
    from {{ relation }}
    where not ({{ control }})
) as t on 1 = 1
    {%- for column in by %} and t.{{ column }} is not distinct from c.{{ column }}{% endfor %}
{%- endmacro %}

{#- Columns with a comma after each. -#}
{% macro significance_columns(columns, relation=none) -%}
    {%- for column in columns %}{{ relation ~ '.' if relation }}{{ column }}, {% endfor -%}
{%- endmacro %}
