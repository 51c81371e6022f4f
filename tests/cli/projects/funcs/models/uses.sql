select {{ function('plus') }}(1) as a, {{ function('funcs', 'twice') }}(2) as b, {{ function('shout') }}('x') as c
