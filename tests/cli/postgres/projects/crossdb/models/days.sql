{{ dbt.date_spine('day', "cast('2024-02-27' as date)", dbt.dateadd('day', 5, "cast('2024-02-27' as date)")) }}
