"""Records what dbt makes of calls of its macros, on each kind of warehouse, as `macros.json`.

Every line of `calls.txt` is an expression of a template: each becomes a model that is compiled, without a connection,
with the variables of `preface.txt`.
Run it where `dbt` (dbt-core 1.11 with dbt-duckdb, dbt-postgres and dbt-bigquery) is installed:

    python src/jinja/testdata/macros.py > src/jinja/testdata/macros.json

Recorded is a mapping from the kind of warehouse and the call to the text that came of it, without comments and spare
white space.
"""

import json
import pathlib
import re
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE))
from profiles import PROFILES, PROJECT


def calls(text):
    """The calls for each kind of warehouse: a line that starts with kinds and a colon is for those alone."""
    out = {kind: [] for kind in PROFILES}
    for line in text.splitlines():
        head, _, rest = line.partition(": ")
        own = set(head.split()) <= set(PROFILES)
        if line.strip() and not line.startswith("#"):
            for kind in head.split() if own else PROFILES:
                out[kind].append(rest if own else line)
    return out


def fold(text):
    """A text without comments; runs of white space made one, and none beside brackets, commas and semicolons."""
    text = " ".join(re.sub(r"--.*", "", text).split())
    return re.sub(r" ?([][(){},;]) ?", r"\1", text)


def record(kind, lines):
    preface = (HERE / "preface.txt").read_text()
    with tempfile.TemporaryDirectory() as folder:
        project = pathlib.Path(folder)
        (project / "models").mkdir()
        (project / "dbt_project.yml").write_text(PROJECT)
        (project / "profiles.yml").write_text(json.dumps({"shop": {"target": "t", "outputs": {"t": PROFILES[kind]}}}))
        for i, line in enumerate(lines):
            (project / f"models/c{i:03}.sql").write_text(preface + "{% if execute %}[{{ " + line + " }}]{% endif %}")
        run = subprocess.run(["dbt", "compile", "--no-introspect", "--no-populate-cache"], cwd=project, capture_output=True, text=True)
        if run.returncode:
            sys.exit(run.stdout)
        nodes = json.loads((project / "target/manifest.json").read_text())["nodes"]
        return {line: fold(nodes[f"model.shop.c{i:03}"]["compiled_code"]) for i, line in enumerate(lines)}


print(json.dumps({kind: record(kind, lines) for kind, lines in calls((HERE / "calls.txt").read_text()).items()}, indent=1))
