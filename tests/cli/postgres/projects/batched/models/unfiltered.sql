{{ config(batch_size='month') }}
select max(id) as id, cast('{{ model.batch.event_time_start.strftime("%Y-%m-%d") if model.batch else "2024-01-01" }}' as timestamp) as happened
from {{ ref('events').render() }}
