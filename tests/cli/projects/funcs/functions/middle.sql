sum(x) / count(x)
