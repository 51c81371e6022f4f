select {{ missing_thing + 1 }} as x
