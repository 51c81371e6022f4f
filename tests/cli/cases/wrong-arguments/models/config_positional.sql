{{ config('table') }}
select 1
