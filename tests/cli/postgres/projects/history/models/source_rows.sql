{{ rows(var('round')) }}
