{{ config(materialized='table') }}
select plain.*, parted.id as other from {{ ref('plain') }} as plain left join {{ ref('parted') }} as parted using (name)
