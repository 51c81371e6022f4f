{{ config(materialized='table', indexes=[{'columns': ['id'], 'unique': true}], post_hook=["insert into audit values ('post', '{{ this.identifier }}')"]) }}
select {{ var('round') }} as id, {{ current_timestamp() }} as made_at
