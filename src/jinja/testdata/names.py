"""Lists the macros that dbt brings for each kind of warehouse, with their parameters, as `names.json`.

Run it where dbt-core 1.11 with dbt-duckdb, dbt-postgres and dbt-bigquery is installed:

    python src/jinja/testdata/names.py > src/jinja/testdata/names.json
"""

import json
import pathlib
import subprocess
import sys
import tempfile

import jinja2
import jinja2.nodes

from dbt_common.clients.jinja import get_environment

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from profiles import PROFILES, PROJECT


def parameters(sql):
    """The names of a macro's parameters; those with a default end in `=`."""
    tree = get_environment(None, capture_macros=False).parse(sql)
    macro = next(tree.find_all(jinja2.nodes.Macro))
    names = [a.name for a in macro.args]
    first = len(names) - len(macro.defaults)
    return [name + "=" * (i >= first) for i, name in enumerate(names)]


def record(kind):
    with tempfile.TemporaryDirectory() as folder:
        project = pathlib.Path(folder)
        (project / "dbt_project.yml").write_text(PROJECT)
        (project / "profiles.yml").write_text(json.dumps({"shop": {"target": "t", "outputs": {"t": PROFILES[kind]}}}))
        subprocess.run(["dbt", "parse"], cwd=project, check=True, stdout=subprocess.DEVNULL)
        macros = json.loads((project / "target/manifest.json").read_text())["macros"].values()
        return {f"{m['package_name']}.{m['name']}": " ".join(parameters(m["macro_sql"])) for m in macros}


found = {}
for kind in PROFILES:
    found.update(record(kind))
print(json.dumps(found, indent=0, sort_keys=True))
