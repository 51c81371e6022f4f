"""Records what dbt makes of calls of its macros, on each kind of warehouse, as `macros.json`.

Every line of `calls.txt` is an expression of a template: each becomes a model that is compiled, without a connection.
Run it where `dbt` (dbt-core 1.11 with dbt-duckdb, dbt-postgres and dbt-bigquery) is installed:

    python src/jinja/testdata/macros.py > src/jinja/testdata/macros.json

Recorded is a mapping from the kind of warehouse and the call to the text that came of it, runs of white space made one.
"""

import json
import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).parent
PROJECT = "name: shop\nprofile: shop\nflags: {send_anonymous_usage_stats: false}\n"
PROFILES = {
    "duckdb": {"type": "duckdb", "path": "db.duckdb"},
    "postgres": {"type": "postgres", "host": "localhost", "port": 1, "user": "u", "pass": "p", "dbname": "db", "schema": "main"},
    "bigquery": {"type": "bigquery", "method": "oauth-secrets", "token": "t", "project": "db", "dataset": "main"},
}


def calls(text):
    """The calls for each kind of warehouse: a line that starts with a kind and a colon is for that kind alone."""
    out = {kind: [] for kind in PROFILES}
    for line in text.splitlines():
        kind, _, rest = line.partition(": ")
        if line.strip() and not line.startswith("#"):
            for one in [kind] if kind in PROFILES else PROFILES:
                out[one].append(rest if kind in PROFILES else line)
    return out


def record(kind, lines):
    with tempfile.TemporaryDirectory() as folder:
        project = pathlib.Path(folder)
        (project / "models").mkdir()
        (project / "dbt_project.yml").write_text(PROJECT)
        (project / "profiles.yml").write_text(json.dumps({"shop": {"target": "t", "outputs": {"t": PROFILES[kind]}}}))
        for i, line in enumerate(lines):
            (project / f"models/c{i:03}.sql").write_text("[{{ " + line + " }}]")
        run = subprocess.run(["dbt", "compile", "--no-introspect", "--no-populate-cache"], cwd=project, capture_output=True, text=True)
        if run.returncode:
            sys.exit(run.stdout)
        nodes = json.loads((project / "target/manifest.json").read_text())["nodes"]
        return {line: " ".join(nodes[f"model.shop.c{i:03}"]["compiled_code"].split()) for i, line in enumerate(lines)}


print(json.dumps({kind: record(kind, lines) for kind, lines in calls((HERE / "calls.txt").read_text()).items()}, indent=1))
