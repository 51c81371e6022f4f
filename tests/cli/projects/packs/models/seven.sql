-- depends on a package's macro that reads variables of the package
select '{{ tools.shows_var() }}' as v, {{ tools.cents(100) }} as c
