select {{ function('off') }}() as x
