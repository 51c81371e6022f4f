{{ exceptions.warn('look out') }} select 1 as x
