select {{ function('taxes') }}() as x
