-- a pivot
select
  {{ pivot(['a', 'c']) }}
  1 as one
