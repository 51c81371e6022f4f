select {{ get_intervals_between("cast('2024-01-01' as date)", "cast('2024-03-01' as date)", 'week') }} as weeks,
    (select count(*) from ({{ generate_series(12) }})) as twelve,
    {{ get_powers_of_two(1000) }} as powers
