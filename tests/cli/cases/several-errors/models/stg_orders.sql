select {{ cents('a', 2) }}
