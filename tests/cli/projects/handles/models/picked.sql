{% set type = api.Column.translate_type('string') if api.Column.translate_type is defined else 'string' %}
select cast('a' as {{ type }}) as word, {{ config.get is defined }} as has_get, {{ this.include is defined }} as has_include
