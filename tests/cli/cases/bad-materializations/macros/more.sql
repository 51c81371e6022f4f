{% materialization pieces, adapter='postgres' %}{{ return({'relations': []}) }}{% endmaterialization %}

{# Commits what was never begun. #}
{% materialization commits, default %}
{{ adapter.commit() }}
{{ return({'relations': []}) }}
{% endmaterialization %}
