-- The macro against reference values in its three ranges, also near their ends.
{%- set points = [
    ('0', '1.0'),
    ('0.1', '0.8875370839817152'),
    ('0.46874', '0.5073955847558886'),
    ('0.46876', '0.5073774688931535'),
    ('1.0', '0.15729920705028513'),
    ('1.5', '0.033894853524689274'),
    ('2.5', '0.0004069520174449589'),
    ('3.9999', '1.5429961215558176e-08'),
    ('4.0001', '1.5404564743590145e-08'),
    ('6.0', '2.1519736712498916e-17'),
    ('10.0', '2.088487583762545e-45'),
    ('25.9', '1.0202833184732667e-293'),
] %}

with points as (
    {% for x, expected in points %}
    select
        {{ as_float(x) }} as x,
        {{ as_float(expected) }} as expected
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}

),

computed as (

    select
        x,
        expected,
        {{ erfc('x') }} as actual
    from points

)

select *
from computed
where abs(actual - expected) > 1e-13 * expected
