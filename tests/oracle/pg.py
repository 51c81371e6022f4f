"""Databases of Postgres for the fixture projects whose profile names them: one for each, named like the project.

Run by `scripts/with-postgres`, which says where the server is. `tests/cli/postgres/recorded.rs` does the same with karat."""
import json
import os
import pathlib
import urllib.parse

ABOUT = (pathlib.Path(__file__).parent / "relations.pgsql").read_text()


def is_meant(project):
    return "type: postgres" in (project / "profiles.yml").read_text()


def connect(database=None):
    import psycopg2
    url = urllib.parse.urlsplit(os.environ["KARAT_TEST_POSTGRES_URL"])
    parts = {"PGHOST": url.hostname, "PGPORT": str(url.port), "PGUSER": urllib.parse.unquote(url.username),
             "PGPASSWORD": urllib.parse.unquote(url.password)}
    os.environ.update(parts, TZ="UTC")
    con = psycopg2.connect(dbname=database or url.path[1:])
    con.autocommit = True
    return con


def begin(project):
    """An empty database, which programs find by the environment."""
    name = f"fixture_{project.name}"
    con = connect()
    con.cursor().execute(f"drop database if exists {name} with (force)")
    con.cursor().execute(f"create database {name}")
    os.environ["PGDATABASE"] = name


def relations():
    con = connect(os.environ["PGDATABASE"])
    cursor = con.cursor()
    cursor.execute("set search_path = ''")
    cursor.execute(ABOUT)
    out = {}
    for schema, name, kind, columns, about in cursor.fetchall():
        out[f"{schema}.{name}"] = {"kind": kind, "columns": json.loads(columns or "[]"), "about": json.loads(about),
                                   "rows": rows(cursor, schema, name)}
    con.close()
    return out


def rows(cursor, schema, name):
    quoted = ".".join('"' + part.replace('"', '""') + '"' for part in (schema, name))
    try:
        cursor.execute(f'select line from (select to_jsonb(t)::text as line from {quoted} t) x order by line collate "C"')
        return [r[0] for r in cursor.fetchall()]
    except Exception:  # a view that can't be read
        return []


def owner(catalog):
    """The catalog with one name for whoever ran the program."""
    for entries in catalog.values():
        for entry in entries.values():
            if entry["metadata"]["owner"] == os.environ["PGUSER"]:
                entry["metadata"]["owner"] = "who runs it"
    return catalog
