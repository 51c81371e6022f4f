select id::integer as id, name from {{ ref('raw_people') }}
{% if is_incremental() %} where id > (select max(id) from {{ this }}) union all select 7, 'Cat' {% endif %}
