{%- set block -%}  kept {{ 1 + 1 }}  {%- endset -%}
{%- set called -%}{% call(word, n) wrapped('b') %}{{ word ~ n }}{% endcall %}{%- endset -%}
select
    {{ literal(greet('you')) }} as g1, {{ literal(greet(greeting='hi', name='me', mark='?')) }} as g2,
    {{ literal(rest(1, 'b', c=3)) }} as r, {{ literal(called) }} as called, {{ literal(block) }} as block,
    {{ literal(pieces()) }} as pieces, {{ literal(pieces()[2].sq + 1) }} as sq, {{ literal(early(2) ~ early(0)) }} as early,
    {{ literal(spell('x') | trim) }} as spelled, {{ literal(only_default() | trim) }} as only_default, {{ literal(lang.greet('pkg')) }} as by_package,
    {% for n in var('names') %}{{ loop.index }}{{ loop.revindex0 }} as {{ n }}{{ "_last" if loop.last }}_{{ loop.cycle('odd', 'even') }}, {% endfor %}
    {% for k, v in {'p': 1, 'q': 2}.items() if v > 1 %}{{ v }} as only_{{ k }}{% else %}0 as nothing{% endfor %},
    {{ literal(var('settings').label ~ var('own') ~ var('absent', 'dflt') ~ var.has_var('absent')) }} as vars,
    {{ literal(env_var('KARAT_FIXTURE_ABSENT', 'fallback')) }} as env,
    {{ literal(target.name ~ target.type ~ target.schema ~ target.threads ~ target.profile_name) }} as tgt,
    {{ literal(model.name ~ model.resource_type ~ model.config.materialized ~ (model.fqn | join('.'))) }} as mdl,
    {{ literal(this.include(database=false)) }} as this_short, {{ literal(this.quote(identifier=false)) }} as this_bare,
    {{ literal(modules.datetime.date(2024, 2, 28) + modules.datetime.timedelta(days=2)) }} as dt,
    {{ literal(modules.datetime.datetime.strptime('2024-03-01 10:20', '%Y-%m-%d %H:%M').strftime('%d/%m/%y %I:%M %p')) }} as dtf,
    {{ literal(modules.re.sub('(\\w+)@(\\w+)', '\\2 at \\1', 'me@home')) }} as resub,
    {{ literal(modules.re.match('(?P<a>\\d+)-(\\d+)', '12-34').group('a')) }} as rem, {{ literal(modules.re.findall('[aeiou]', 'education') | join) }} as refa,
    {{ literal(modules.itertools.product([1, 2], 'ab') | list | length) }} as prod, {{ literal(modules.pytz.timezone('Europe/Vienna')) }} as tz,
    {{ literal(run_started_at.strftime('%Y') | int > 2000) }} as year, {{ literal(invocation_id | length) }} as inv,
    {{ literal(flags.FULL_REFRESH) }} as fr, {{ literal(config.get('materialized') ~ config.get('nope', 'dd')) }} as conf,
    {{ literal(execute) }} as ex, {{ literal(dbt_version.split('.')[0]) }} as v, {{ literal(project_name) }} as project,
    {{ literal(exceptions is defined and no_such_thing is undefined) }} as defd, {{ literal(builtins.var('own')) }} as bi
from {{ ref('kv') }} where k = 'a'
