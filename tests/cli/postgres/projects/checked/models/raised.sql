{{ exceptions.raise_compiler_error('not today') if execute }} select 1 as x
