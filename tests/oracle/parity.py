#!/usr/bin/env python3
"""Run a DuckDB project through dbt-core and through karat, and compare all that comes out.

    python3 -m venv V && V/bin/pip install -r tests/oracle/requirements.txt
    V/bin/python tests/oracle/parity.py PROJECT_DIR --karat target/debug/karat

Each program works on a copy of the project with a database of its own, so PROJECT_DIR stays as it is. What is
compared depends on --level, and each level includes those before it:

    parse     nodes, what they depend on, their configuration and names, documented columns
    compile   compiled SQL, white space folded
    build     exit code, status of each node, the relations in the database: kind, columns, rows

Exit status: 0 no difference, 1 differences, 2 dbt-core did not get through the project.
"""

from __future__ import annotations

import argparse
import collections
import datetime
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

import duckdb  # this and yaml come with dbt-duckdb
import yaml

LEVELS = ("parse", "compile", "build")
PROJECT_FILES = ("project.yml", "dbt_project.yml")
NOT_COPIED = {"target", "logs", ".git", ".duckdb"}
DBT = "from dbt.cli.main import cli; cli()"
SCRATCH = "parity"  # folder inside each copy: database, artifacts, logs

COLLECTIONS = ("nodes", "sources", "exposures", "metrics", "semantic_models", "saved_queries", "unit_tests")
CONFIG_KEYS = (
    "enabled", "materialized", "tags", "meta", "group", "alias", "schema", "database", "full_refresh", "unique_key",
    "incremental_strategy", "on_schema_change", "pre-hook", "post-hook", "column_types", "quote_columns", "delimiter",
    "severity", "where", "limit", "fail_calc", "warn_if", "error_if", "store_failures", "store_failures_as",
)
NODE_KEYS = ("resource_type", "name", "alias", "schema", "database", "relation_name", "fqn", "path",
             "original_file_path", "description", "language", "column_name", "test_metadata")
UNORDERED = ("tags", "refs", "sources")


class OracleFailed(Exception):
    """dbt-core has nothing to compare with."""


# --- running ---------------------------------------------------------------------------------------------------------


def copy_project(source, destination):
    """Copies a project without the projects inside it, which dbt-core would take for parts of it."""

    def unwanted(folder, names):
        here = pathlib.Path(folder)
        nested = {n for n in names if "dbt_packages" not in here.parts and any((here / n / f).is_file() for f in PROJECT_FILES)}
        return NOT_COPIED.intersection(names) | nested

    shutil.copytree(source, destination, ignore=unwanted, ignore_dangling_symlinks=True)
    native, known = (destination / name for name in PROJECT_FILES)
    if native.exists() and not known.exists():
        native.rename(known)
    (destination / SCRATCH).mkdir()


def isolate(project, profiles_dir, target):
    """Gives the target a database file inside the copy; returns the file and the target's name."""
    settings = yaml.safe_load((project / "dbt_project.yml").read_text())
    profiles = yaml.safe_load((profiles_dir or project).joinpath("profiles.yml").read_text())
    profile = profiles[settings["profile"]]
    target = target or profile.get("target", "default")
    output = profile["outputs"][target]
    if output["type"] != "duckdb":
        sys.exit(f"target {target} is of type {output['type']}; only duckdb can be compared")
    path = str(output.get("path", ":memory:"))
    stem = "memory" if path == ":memory:" else "parity" if "{{" in path else pathlib.Path(path).stem
    output["path"] = f"{SCRATCH}/{stem}.duckdb"
    (project / SCRATCH / "profiles.yml").write_text(yaml.safe_dump(profiles))
    return project / output["path"], target


class Run:
    """One program's pass over its copy of the project."""

    def __init__(self, program, arguments, project, options):
        copy_project(options.project, project)
        self.database, target = isolate(project, options.profiles_dir, options.target)
        command = [*program, *arguments, "--project-dir", ".", "--profiles-dir", SCRATCH, "--target", target,
                   "--target-path", SCRATCH, "--no-use-colors"]
        surroundings = {k: v for k, v in os.environ.items() if not k.startswith(("DBT_", "KARAT_"))}
        surroundings |= {"DBT_SEND_ANONYMOUS_USAGE_STATS": "false", "DBT_LOG_PATH": SCRATCH}
        self.started = datetime.datetime.now(datetime.timezone.utc)
        done = subprocess.run(command, cwd=project, env=surroundings, stdin=subprocess.DEVNULL, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        self.ended = datetime.datetime.now(datetime.timezone.utc)
        self.code, self.output = done.returncode, done.stdout
        self.manifest = self.artifact(project, "manifest.json")
        self.results = {r["unique_id"]: r for r in self.artifact(project, "run_results.json").get("results", [])}

    @staticmethod
    def artifact(project, name):
        path = project / SCRATCH / name
        return json.loads(path.read_text()) if path.exists() else {}

    @property
    def seconds(self):
        return (self.ended - self.started).total_seconds()

    def nodes(self):
        found = {}
        for collection in COLLECTIONS:
            found |= self.manifest.get(collection) or {}
        for disabled in (self.manifest.get("disabled") or {}).values():
            found |= {f"disabled {node['unique_id']}": node for node in disabled}
        return found


# --- what is compared ------------------------------------------------------------------------------------------------


def without_empty(values):
    """A missing key, null, and an empty list or map say the same."""
    return {key: value for key, value in values.items() if value not in (None, [], {})}


def unordered(value):
    return sorted(value, key=str) if isinstance(value, list) else value


def depends(node):
    return sorted((node.get("depends_on") or {}).get("nodes") or [])


def configuration(node):
    config = node.get("config") or {}
    return without_empty({key: unordered(config.get(key)) for key in CONFIG_KEYS})


def naming(node):
    return without_empty({key: node.get(key) for key in NODE_KEYS} | {key: unordered(node.get(key)) for key in UNORDERED})


def columns(node):
    return {name.lower(): without_empty({k: column.get(k) for k in ("name", "description", "data_type", "meta", "tags")})
            for name, column in (node.get("columns") or {}).items()}


def compiled(node):
    code = node.get("compiled_code")
    return None if code is None else re.sub(r" ?([(),]) ?", r"\1", " ".join(code.split()))


def outcome(result):
    return {"status": result["status"], "failures": result.get("failures")}


def relations(run):
    """Every table and view of the run's database with its kind, columns and rows."""
    if not run.database.exists():
        return {}
    found = {}
    with duckdb.connect(str(run.database), read_only=True) as connection:
        listed = connection.execute(
            "select table_schema, table_name, table_type from information_schema.tables order by all").fetchall()
        for schema, name, kind in listed:
            try:
                table = connection.execute(f'select * from "{schema}"."{name}"')
                shape = [(column[0], str(column[1])) for column in table.description]
                content = collections.Counter(tuple(cell(value, run) for value in row) for row in table.fetchall())
            except duckdb.Error as error:
                shape, content = str(error).splitlines()[0], None
            found[f"{schema}.{name}"] = {"kind": kind, "columns": shape, "rows": content}
    return found


def cell(value, run):
    """A value as it is compared: floating-point noise rounded away, the moment of the build made the same."""
    if isinstance(value, float):
        return f"{value:.9g}"
    if isinstance(value, datetime.datetime):
        in_utc = value.replace(tzinfo=value.tzinfo or datetime.timezone.utc)
        if any(run.started <= moment <= run.ended for moment in (in_utc, value.astimezone())):  # naive: UTC or local
            return "<the build>"
    return str(value)


class Report:
    """Counts what is the same and shows what is not."""

    def __init__(self, shown):
        self.shown, self.differences = shown, 0

    def compare(self, title, expected, found):
        """Compares two maps key by key."""
        keys = sorted(expected.keys() | found.keys())
        different = [key for key in keys if expected.get(key, "nothing") != found.get(key, "nothing")]
        print(f"  {title:13} {len(keys) - len(different)} of {len(keys)} the same")
        for key in different[: self.shown]:
            want, got = narrow(expected.get(key, "nothing"), found.get(key, "nothing"))
            print(f"    {key}\n      dbt   {want}\n      karat {got}")
        if len(different) > self.shown:
            print(f"    … and {len(different) - self.shown} more")
        self.differences += len(different)


def narrow(want, got, width=240):
    """The parts of two values that differ."""
    if isinstance(want, collections.Counter) and isinstance(got, collections.Counter):
        return tuple(f"{side.total()} rows, of them only here: {list((side - other).elements())[:3]}"
                     for side, other in ((want, got), (got, want)))
    if isinstance(want, dict) and isinstance(got, dict):
        keys = [key for key in want.keys() | got.keys() if want.get(key) != got.get(key)]
        parts = {key: narrow(want.get(key), got.get(key), width) for key in sorted(keys)}
        return tuple(", ".join(f"{key}: {pair[side]}" for key, pair in parts.items()) for side in (0, 1))
    want, got = str(want), str(got)
    start = max(len(os.path.commonprefix([want, got])) - 60, 0)
    return tuple(("…" if start else "") + text[start : start + width] for text in (want, got))


def compare(dbt, karat, options):
    report = Report(options.show)
    expected, found = dbt.nodes(), karat.nodes()
    common = expected.keys() & found.keys()

    def each(aspect):
        return ({key: aspect(nodes[key]) for key in common} for nodes in (expected, found))

    report.compare("nodes", dict.fromkeys(expected, "a node"), dict.fromkeys(found, "a node"))
    for title, aspect in (("dependencies", depends), ("configuration", configuration), ("naming", naming), ("columns", columns)):
        report.compare(title, *each(aspect))
    if options.level != "parse":
        report.compare("compiled SQL", *each(compiled))
    if options.level == "build":
        report.compare("results", *({key: outcome(r) for key, r in run.results.items()} for run in (dbt, karat)))
        report.compare("relations", relations(dbt), relations(karat))
    report.compare("exit code", {options.level: dbt.code}, {options.level: karat.code})
    return report.differences


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("project", type=pathlib.Path)
    parser.add_argument("--karat", default="karat", help="the program under test")
    parser.add_argument("--dbt", help="another dbt than the one of this Python")
    parser.add_argument("--level", choices=LEVELS, default="build")
    parser.add_argument("--profiles-dir", type=pathlib.Path)
    parser.add_argument("--target")
    parser.add_argument("--select")
    parser.add_argument("--vars")
    parser.add_argument("--show", type=int, default=10, metavar="N", help="differences shown of each kind")
    parser.add_argument("--keep", action="store_true", help="leave the two copies behind, and say where")
    options = parser.parse_args()
    options.project = options.project.resolve()

    selection = ["--select", options.select] if options.select and options.level != "parse" else []
    arguments = [options.level, *selection, *(["--vars", options.vars] if options.vars else [])]
    karat = str(pathlib.Path(options.karat).resolve()) if os.sep in options.karat else options.karat
    work = pathlib.Path(tempfile.mkdtemp(prefix="parity-"))
    try:
        dbt = Run([options.dbt] if options.dbt else [sys.executable, "-c", DBT], arguments,
                  work / "dbt" / options.project.name, options)
        if dbt.code not in (0, 1) or not dbt.nodes():
            raise OracleFailed(f"dbt-core ended with exit code {dbt.code}:\n{dbt.output}")
        karat = Run([karat], arguments, work / "karat" / options.project.name, options)
        name = dbt.manifest["metadata"]["project_name"]
        print(f"{name}: dbt-core {dbt.seconds:.1f} s, karat {karat.seconds:.1f} s")
        differences = compare(dbt, karat, options)
        if differences:
            print(f"{differences} differences; karat said:\n{karat.output}")
        return 1 if differences else 0
    except OracleFailed as failure:
        print(failure, file=sys.stderr)
        return 2
    finally:
        if options.keep:
            print(f"the copies are in {work}", file=sys.stderr)
        else:
            shutil.rmtree(work, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
