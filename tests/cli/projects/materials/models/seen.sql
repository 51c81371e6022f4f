{{ config(post_hook=note('seen')) }}
select * from {{ ref('pieces') }}
