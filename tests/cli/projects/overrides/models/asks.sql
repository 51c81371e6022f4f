{% set found = load_relation(ref('a_table')) %}
select '{{ found is not none }}' as is_there, '{{ found.type }}' as kind,
  '{{ adapter.get_relation(this.database, this.schema, "kept") is none }}' as is_gone
-- depends_on: {{ ref('kept') }}
