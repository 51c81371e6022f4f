select {{ dbt_utils.star(ref('x')) }}
