select {{ [1, 2][5] }}
