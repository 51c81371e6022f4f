{{ config(batch_size='year', begin='2022-01-01', lookback=2, incremental_predicates=["id < 100"], tags=['now']) }}
select id, happened, kind, 'x{{ var("mark", "") }}' as mark from {{ ref('events') }}
