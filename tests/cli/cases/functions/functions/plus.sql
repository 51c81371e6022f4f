x + {{ var('step', 1) }}
