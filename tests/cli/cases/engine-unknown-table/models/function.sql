select
    date_truncc('day', today()) as x
