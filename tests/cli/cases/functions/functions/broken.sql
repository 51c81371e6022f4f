no_such_column(x)
