select {{ function('middle') }}({{ function('plus') }}(n)) as m, {{ function('twice') }}() as t, typeof({{ function('shop', 'plus') }}(1::tinyint)) as k
from {{ function('some_rows') }}(10)
