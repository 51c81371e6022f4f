select {{ function('broken') }}(1) as x
