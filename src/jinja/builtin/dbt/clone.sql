{# What `clone` does with a node: `defer_relation` is where the earlier run built it, `sql` reads that. #}

{% materialization clone, default %}
{%- set existing = load_cached_relation(this) -%}
{%- if not defer_relation -%}
    {%- do log('No relation to clone: the earlier run has no ' ~ model.unique_id, info=true) -%}
    {{ return({'relations': []}) }}
{%- endif -%}
{%- if existing and not flags.FULL_REFRESH -%}
    {%- do log('Kept ' ~ existing ~ ', which is there already', info=true) -%}
    {{ return({'relations': []}) }}
{%- endif -%}
{%- set other = load_cached_relation(defer_relation) -%}
{%- if not (other and other.is_table and can_clone_table()) -%}
    {%- set view = context.get('materialization_view_' ~ adapter.type(), materialization_view_default) -%}
    {{ return(view()) }}
{%- endif -%}
{%- set target = this.incorporate(type='table') -%}
{%- if existing and not existing.is_table -%}{%- do drop_relation_if_exists(existing) -%}{%- endif -%}
{%- if target.render() != defer_relation.render() -%}
    {%- call statement('main') -%}{{ create_or_replace_clone(target, defer_relation) }}{%- endcall -%}
{%- endif -%}
{%- do _after_build(existing, target) -%}
{{ return({'relations': [target]}) }}
{% endmaterialization %}
