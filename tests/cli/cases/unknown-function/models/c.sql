select {{ function(1) }}() as x
