select {{ function('plus') }}(n) * 2 -- twice
