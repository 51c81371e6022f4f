#!/usr/bin/env python3
"""Record what dbt-core does with the fixture projects, so that tests can compare karat with it without dbt.

    record.py PROJECT_DIR... [--dbt DBT]            writes PROJECT_DIR/expected.json and artifacts.json
    record.py PROJECT_DIR... --karat KARAT          runs karat instead and prints how it differs from expected.json

Each project has a `steps.json`: a list of command lines that run one after another on the same copy of the project.
A step `@apply FOLDER` copies the files of a folder of the project over the copy: its next version.
Recorded after each: the exit code, what `ls` and `run-operation` printed, the status of every node, of every source what
its freshness is, and all relations
of the database with their columns and rows, the catalog that `docs generate` wrote; after the first one also what the
manifest says about every node: all of it for what has no SQL.
`tests/cli/parity.rs` does the same with karat. Run this with the python that dbt-core is installed in, and by `scripts/with-postgres` where a project is for Postgres.
"""
import argparse
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

import duckdb

import artifacts
import pg

CONFIG = ("materialized", "enabled", "tags", "meta", "severity", "unique_key", "incremental_strategy", "on_schema_change",
          "warn_if", "error_if", "where", "limit", "fail_calc", "store_failures", "store_failures_as", "schema", "alias",
          "database", "full_refresh", "column_types", "quote_columns", "delimiter")
PRINTS = ("ls", "list", "run-operation")
SKIPPED = ("target", "logs", "expected.json", "artifacts.json", "steps.json", "*.duckdb")


def fold(sql):
    """SQL without comments and white space: templates are free in both."""
    return re.sub(r"\s+", "", re.sub(r"--[^\n]*", " ", sql or "")).rstrip(";")


def node(n):
    config = n.get("config") or {}
    out = {
        "depends_on": sorted((n.get("depends_on") or {}).get("nodes") or []),
        "config": {k: config[k] for k in CONFIG if config.get(k) not in (None, [], {})},
        "tags": sorted(n.get("tags") or []),
        "alias": n.get("alias"), "schema": n.get("schema"), "relation_name": n.get("relation_name"),
        "fqn": n.get("fqn"), "description": n.get("description") or "",
        "columns": {c["name"]: c.get("description") or "" for c in (n.get("columns") or {}).values()},
        "compiled": fold(n.get("compiled_code")),
    }
    return {k: v for k, v in out.items() if v not in (None, [], {}, "")}


def manifest(project):
    m = json.loads((project / "target/manifest.json").read_text())
    out = {}
    for key in ("nodes", "sources", "exposures", "unit_tests"):
        out.update({u: node(n) for u, n in m[key].items()})
    for key in ("metrics", "semantic_models", "saved_queries", "groups"):
        out.update({u: {"all": {k: v for k, v in n.items() if k != "created_at"}} for u, n in m[key].items()})
    for group in m["groups"]:  # settings of models reach groups too, where they mean nothing
        out[group]["all"]["config"] = {"meta": out[group]["all"]["config"]["meta"]}
    out.update({u: {"disabled": True} for u in m["disabled"] if u not in out})
    return dict(sorted(out.items()))


def relations(project):
    """Every relation of the server's database, or of every database file: its kind, columns and rows."""
    if pg.is_meant(project):
        return pg.relations()
    out = {}
    for path in sorted(project.glob("*.duckdb")):
        con = duckdb.connect(str(path), read_only=True)
        found = con.execute("""
            select schema_name, table_name, 'table' from duckdb_tables() where database_name = current_database()
            union all select schema_name, view_name, 'view' from duckdb_views()
            where not internal and database_name = current_database() order by all""").fetchall()
        for schema, name, kind in found:
            out[f"{path.stem}.{schema}.{name}"] = relation(con, schema, name, kind)
        con.close()
    return out


def relation(con, schema, name, kind):
    quoted = ".".join('"' + part.replace('"', '""') + '"' for part in (schema, name))
    try:
        columns = [f"{c[0]} {c[1]}" for c in con.execute(f"describe {quoted}").fetchall()]
        rows = [r[0] for r in con.execute(f"select to_json(t)::varchar from {quoted} t order by all").fetchall()]
        return {"kind": kind, "columns": columns, "rows": rows}
    except duckdb.Error:  # a view of something that another database holds
        return {"kind": kind, "columns": [], "rows": []}


def plain(line):
    """A line of JSON without the spaces that writers are free in."""
    try:
        return json.dumps(json.loads(line), separators=(",", ":")) if line.startswith("{") else line
    except ValueError:
        return line


def freshness(r):
    """What was found out about a source; moments of the recording itself are left out."""
    at = r["max_loaded_at"]
    return {"status": r["status"], "criteria": r["criteria"], "max_loaded_at": at if at < "2022" else None}


def catalog(project):
    """What catalog.json says of each table: its metadata, columns and statistics."""
    found = json.loads((project / "target/catalog.json").read_text())
    return {key: {u: {k: e[k] for k in ("metadata", "columns", "stats")} for u, e in sorted(found[key].items())}
            for key in ("nodes", "sources")}


def step(exe, args, project):
    results = project / "target/run_results.json"
    sources = project / "target/sources.json"
    if "retry" not in args:
        results.unlink(missing_ok=True)
    sources.unlink(missing_ok=True)
    run = subprocess.run([*exe, *args], cwd=project, capture_output=True, text=True)
    statuses = json.loads(results.read_text())["results"] if results.exists() else []
    out = {"args": args, "exit": run.returncode}
    if set(args) & set(PRINTS):
        out["stdout"] = [plain(line.rstrip()) for line in run.stdout.splitlines() if line.strip()]
        if set(args) & {"ls", "list"}:
            out["stdout"].sort()
    elif statuses:
        out["statuses"] = {r["unique_id"]: [r["status"], r["failures"]] if r["failures"] is not None else [r["status"]]
                           for r in sorted(statuses, key=lambda r: r["unique_id"])}
    if "docs" in args:
        out["catalog"] = pg.owner(catalog(project)) if pg.is_meant(project) else catalog(project)
    if sources.exists():
        out["freshness"] = {r["unique_id"]: freshness(r) for r in
                            sorted(json.loads(sources.read_text())["results"], key=lambda r: r["unique_id"])}
    return out, run.stdout + run.stderr


def record(exe, project):
    if pg.is_meant(project):
        pg.begin(project)
    with tempfile.TemporaryDirectory() as folder:
        copy = pathlib.Path(folder) / project.name
        shutil.copytree(project, copy, ignore=shutil.ignore_patterns(*SKIPPED))
        if "dbt" in exe[0].rsplit("/", 1)[-1] and not (copy / "dbt_project.yml").exists():
            (copy / "project.yml").rename(copy / "dbt_project.yml")
        steps, known, first, logs, places = [], None, None, [], []
        for index, args in enumerate(json.loads((project / "steps.json").read_text())):
            if args[0] == "@apply":
                shutil.copytree(project / args[1], copy, dirs_exist_ok=True)
                steps.append({"args": args})
                continue
            done, log = step(exe, args, copy)
            logs.append(f"$ {' '.join(args)}\n{log}")
            if first is None and not (copy / "target/manifest.json").exists():
                sys.exit(f"no manifest was written:\n{log}")
            places += artifacts.written(copy, index, first is None)
            if first is None:
                first = manifest(copy)
            there = relations(copy)
            # Only what changed since the step before.
            done["relations"] = {k: v for k, v in there.items() if known is None or known.get(k) != v}
            done["gone"] = sorted(k for k in known or {} if k not in there)
            known = there
            steps.append({k: v for k, v in done.items() if v not in ({}, [])})
        return {"nodes": first, "steps": steps}, places, "\n".join(logs)


def differences(want, got, path=""):
    if isinstance(want, dict) and isinstance(got, dict):
        for key in sorted({*want, *got}):
            yield from differences(want.get(key), got.get(key), f"{path}/{key}")
    elif isinstance(want, list) and isinstance(got, list) and path.endswith("/steps"):
        for i, (w, g) in enumerate(zip(want, got)):
            yield from differences(w, g, f"{path}/{i}")
    elif want != got:
        yield f"{path}\n    dbt   {want}\n    karat {got}"


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("projects", nargs="+", type=pathlib.Path)
    ap.add_argument("--dbt", default="dbt")
    ap.add_argument("--karat")
    ap.add_argument("--log", action="store_true", help="print what the program said")
    a = ap.parse_args()
    bad = 0
    os.environ.update(DBT_SEND_ANONYMOUS_USAGE_STATS="false", DBT_USE_COLORS="false", NO_COLOR="1", KARAT_FIXTURE="from the environment")
    for project in a.projects:
        project = project.resolve()
        got, places, log = record([a.karat or a.dbt], project)
        if a.log:
            print(log)
        file = project / "expected.json"
        if not a.karat:
            file.write_text(json.dumps(got, indent=1, sort_keys=False) + "\n")
            if not pg.is_meant(project):
                artifacts.write(project / "artifacts.json", places)
            print(f"{project.name}: {len(got['nodes'])} nodes, {len(got['steps'])} steps")
            continue
        found = list(differences(json.loads(file.read_text()), got))
        bad += len(found)
        print(f"{project.name}: {len(found)} differences", *found, sep="\n")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
