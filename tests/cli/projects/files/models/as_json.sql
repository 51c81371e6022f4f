{{ config(materialized='external', location="written/things.json", json_read_options={'auto_detect': true, 'format': 'array'}, options={'array': true}) }}
select * from {{ ref('plain') }}
