{# a comment
select 1
