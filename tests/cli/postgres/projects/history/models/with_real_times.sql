select
    id, kind, "Colour", dbt_valid_to is null as holds, dbt_updated_at = dbt_valid_from as same,
    dbt_valid_from between now()::timestamp - interval '1 hour' and now()::timestamp + interval '1 hour' as recent,
    length(dbt_scd_id) as id_length
from {{ ref('real_times') }}
