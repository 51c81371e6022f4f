select {{ function('plus') }}(n) * 2
