{{ config(materialized='external', location='written/{{ this.identifier }}_here.csv.gz') }}
select id, name from {{ ref('plain') }}
