"""Records the keys of dbt's manifest, by kind of entry, into manifest_keys.json beside this file.

    python record_keys.py          with dbt-core and dbt-duckdb installed

Builds a small project in a temporary folder, compiles it and reads target/manifest.json.
"""

import json
import pathlib
import subprocess
import sys
import tempfile

FILES = {
    "dbt_project.yml": """
name: shop
version: '1.0'
profile: shop
on-run-start: ["select 1"]
""",
    "profiles.yml": """
shop:
  target: dev
  outputs:
    dev: {type: duckdb, path: shop.duckdb, threads: 1}
""",
    "models/base.sql": "{{ config(materialized='ephemeral') }} select 1 as id",
    "models/orders.sql": """{{ config(materialized='table', post_hook='select 7') }}
select b.id from {{ ref('base') }} b join {{ source('ext', 'tab') }} t on true join {{ ref('users') }} u on true""",
    "models/disabled.sql": "{{ config(enabled=false) }} select 1 as id",
    "models/schema.yml": """
version: 2
groups:
  - {name: sales, owner: {name: me, email: a@b.c}}
models:
  - name: orders
    description: "{{ doc('orders') }}"
    config: {contract: {enforced: true}, group: sales}
    constraints: [{type: primary_key, columns: [id]}]
    columns:
      - {name: id, data_type: integer, constraints: [{type: not_null}], data_tests: [unique, not_null]}
sources:
  - name: ext
    schema: main
    tables: [{name: tab, columns: [{name: id}]}]
exposures:
  - {name: dash, type: dashboard, owner: {name: me}, depends_on: ["ref('orders')"]}
snapshots:
  - {name: snap, relation: "ref('users')", config: {unique_key: id, strategy: check, check_cols: all}}
""",
    "models/docs.md": "{% docs orders %}Orders.{% enddocs %}",
    "macros/hello.sql": "{% macro hello(a) %}{{ a }}{% endmacro %}",
    "macros/hello.yml": "macros: [{name: hello, arguments: [{name: a, type: string, description: first}]}]",
    "seeds/users.csv": "id\n1\n",
    "tests/singular.sql": "select * from {{ ref('users') }} where id > 2",
    "analyses/look.sql": "select * from {{ ref('users') }}",
}


def kind(node):
    if node["resource_type"] == "test":
        return "generic_test" if "test_metadata" in node else "singular_test"
    return node["resource_type"]


def record(keys, name, entry):
    keys.setdefault(name, set()).update(entry)


def main():
    keys = {}
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        for path, text in FILES.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text)
        dbt = pathlib.Path(sys.executable).with_name("dbt")
        quiet = ["--no-send-anonymous-usage-stats", "--quiet"]
        for command in (["seed"], ["compile"]):
            subprocess.run([dbt, *quiet, *command], cwd=root, check=True)
        manifest = json.loads((root / "target/manifest.json").read_text())
        results = json.loads((root / "target/run_results.json").read_text())

    record(keys, "manifest", manifest)
    record(keys, "metadata", manifest["metadata"])
    record(keys, "run_results", results)
    record(keys, "run_results.metadata", results["metadata"])
    record(keys, "run_results.result", results["results"][0])
    for section in ("nodes", "sources", "exposures", "macros", "docs", "groups"):
        for node in manifest[section].values():
            record(keys, kind(node), node)
            record(keys, kind(node) + ".config", node.get("config", {}))
            for column in (node.get("columns") or {}).values():
                record(keys, "column", column)
                for constraint in column["constraints"]:
                    record(keys, "column.constraint", constraint)
            for constraint in node.get("constraints") or []:
                record(keys, "model.constraint", constraint)
            for argument in node.get("arguments") or []:
                record(keys, "macro.argument", argument)
    keys = {name: sorted(names) for name, names in sorted(keys.items()) if names}
    out = pathlib.Path(__file__).with_name("manifest_keys.json")
    out.write_text(json.dumps(keys, indent=1) + "\n")


main()
