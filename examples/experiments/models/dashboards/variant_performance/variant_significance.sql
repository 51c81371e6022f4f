-- Each variant against the control of its experiment, a row for each metric.
{%- set units = {'variant': 'variant', 'control': 'is_control', 'by': ['experiment'], 'alpha': var('alpha')} %}
{%- set outcomes = ref('int_unit_outcomes') %}
{{ two_proportion_z(outcomes, 'first_accepted', metric='acceptance_rate', **units) }}
union all
{{ two_proportion_z(outcomes, 'first_completed', metric='completion_rate', **units) }}
union all
{{ chi_square(outcomes, 'first_rating', metric='rating', **units) }}
union all
{{ welch_t(outcomes, 'mean_latency_ms', metric='latency_ms', **units) }}
union all
{{ welch_t(outcomes, 'cost_per_suggestion', metric='cost_per_suggestion', **units) }}
union all
{{ mann_whitney_u(outcomes, 'first_turns', metric='turns', **units) }}
union all
{{ mann_whitney_u(outcomes, 'first_duration_s', metric='time_to_completion_s', **units) }}
