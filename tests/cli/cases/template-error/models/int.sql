select {{ modules.datetime.date('x', 1, 1) }}
