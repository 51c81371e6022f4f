-- What is there when the turn of this model comes, not when the run begins.
{% set seed = load_relation(ref('quotes')) %}
{% set again = adapter.get_relation(database=target.database, schema=target.schema, identifier='quotes') %}
{% set nothing = adapter.get_relation(database=target.database, schema=target.schema, identifier='nowhere') %}
select '{{ seed.type if seed else "none" }}' as seed, '{{ again is not none }}' as again, '{{ nothing is none }}' as nothing,
       {{ adapter.already_exists(target.schema, 'quotes') | as_native if execute else 'null' }} as already, '{{ load_relation(this) is none }}' as own
