select {{ function('other', 'tax') }}() as x
