select {{ dbt_utils.star('x') }}, {{ nothing_like_it() }}
