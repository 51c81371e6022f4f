"""The project that the scripts beside this file give to dbt: it needs no connection."""

PROJECT = "name: shop\nprofile: shop\nflags: {send_anonymous_usage_stats: false}\n"
PROFILES = {
    "duckdb": {"type": "duckdb", "path": "db.duckdb"},
    "postgres": {"type": "postgres", "host": "localhost", "port": 1, "user": "u", "pass": "p", "dbname": "db", "schema": "main"},
    "bigquery": {"type": "bigquery", "method": "oauth-secrets", "token": "t", "project": "db", "dataset": "main"},
}
