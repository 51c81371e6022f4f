"""Records what dbt selects: writes the project of project.py, asks dbt for every row of cases.py, and writes
expected.json beside this file. Run it with the Python that has dbt-core and dbt-duckdb."""

import contextlib
import io
import json
import os
import pathlib
import tempfile

from dbt.cli.main import dbtRunner

import cases
import project

HERE = pathlib.Path(__file__).resolve().parent
NODE_KEYS = ["unique_id", "resource_type", "name", "package_name", "fqn", "path", "original_file_path", "patch_path"]
MORE_KEYS = ["tags", "meta", "description", "access", "version", "latest_version", "source_name"]
MORE_KEYS += ["database", "schema", "identifier", "quoting", "freshness", "type", "owner"]


def write(files, root):
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if text is None:
            path.unlink(missing_ok=True)
        else:
            path.write_text(text)


def invoke(args, manifest=None):
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        return dbtRunner(manifest=manifest).invoke(args)


def parse():
    done = invoke(["parse", "--no-partial-parse", "--quiet"])
    if not done.success:
        raise SystemExit(f"dbt parse failed: {done.exception}")
    written = json.loads(pathlib.Path("target/manifest.json").read_text())
    return done.result, written


def compact(node):
    """What the Rust side needs of a node of the manifest."""
    kept = {key: node[key] for key in NODE_KEYS + MORE_KEYS if node.get(key)}
    kept["config"] = {k: v for k, v in node["config"].items() if k in node.get("unrendered_config", node["config"])}
    kept["depends_on"] = {"nodes": node.get("depends_on", {}).get("nodes", [])}
    kept["unrendered_config"] = node.get("unrendered_config", {})
    kept["raw_code"] = node.get("raw_code", "").strip()
    for key in ("checksum", "test_metadata"):
        if node.get(key):
            kept[key] = {k: v for k, v in node[key].items() if k in ("name", "checksum", "namespace")}
    return kept


def full(node):
    """A node of the previous manifest: as `compact`, with the whole config, as dbt writes it."""
    return {**compact(node), "config": {k: v for k, v in node["config"].items() if v is not None}}


def every(manifest, of):
    groups = ("nodes", "sources", "exposures")
    return {group: {uid: of(node) for uid, node in manifest[group].items()} for group in groups}


def ask(row, manifest):
    args = ["ls", "--quiet", "--output", "json", "--output-keys", "unique_id", "--state", "state"]
    for option, values in (("select", row["select"]), ("exclude", row["exclude"])):
        args += [f"--{option}", *values] if values else []
    args += [f"--resource-type={t}" for t in row["types"]] + [f"--exclude-resource-type={t}" for t in row["not"]]
    args += ["--selector", row["selector"]] if row["selector"] else []
    args += ["--indirect-selection", row["indirect"]] if row["indirect"] else []
    done = invoke(args, manifest)
    if not done.success:
        return {"error": str(done.exception)}
    return {"expect": sorted(json.loads(line)["unique_id"] for line in done.result)}


def main():
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        write(project.FILES, root)
        write(project.BEFORE, root)
        os.chdir(root / "shop")
        if not invoke(["deps", "--quiet"]).success:
            raise SystemExit("dbt deps failed")
        _, before = parse()
        pathlib.Path("state").mkdir()
        pathlib.Path("state/manifest.json").write_text(json.dumps(before))
        write(project.FILES, root)
        manifest, now = parse()
        rows = [{**row, **ask(row, manifest)} for row in cases.rows()]
        os.chdir(HERE)
    data = [("selectors", project.SELECTORS), ("graph", every(now, compact)), ("previous", every(before, full))]
    lines = [f"{json.dumps(key)}: {json.dumps(value)}" for key, value in data]
    listed = ",\n".join(json.dumps({k: v for k, v in row.items() if v or k == "expect"}) for row in rows)
    (HERE / "expected.json").write_text("{\n" + ",\n".join(lines) + ',\n"rows": [\n' + listed + "\n]}\n")
    print(f"{len(rows)} rows, {sum('error' in row for row in rows)} of them errors")


main()
