{{ config(event_time='Happened At', post_hook="insert into {{ target.schema }}.said select 'events', count(*) from {{ ref('kinds') }}",
          pre_hook="create table if not exists {{ target.schema }}.said (who varchar, n int)") }}
select id, happened as "Happened At", kind from {{ ref('raw_events') }}
