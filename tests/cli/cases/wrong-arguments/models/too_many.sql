select
  {{ cents('a', 1, 2) }}
