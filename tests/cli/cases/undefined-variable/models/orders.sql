{% set limit = 10 %}
select * from raw
limit {{ limt }}
