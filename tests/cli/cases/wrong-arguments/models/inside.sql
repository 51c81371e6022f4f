select
  1 as a,
  {{ outer('x') }}
