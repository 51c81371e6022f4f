{{ config(materialized='view', post_hook=[]) }}
select 1 as one, '{{ this }}' as me, '{{ this.schema }}' as my_schema, '{{ model.unique_id }}' as id
