"""Records what dbt-duckdb makes of incremental models, as `incremental.json`.

Every scenario is one model, built twice in a scratch project: `first` is its query on the first build, `second`
on the rebuild. Recorded are the columns and rows after it, or the error. Run it where `dbt` (dbt-core 1.11 with
dbt-duckdb) and `duckdb` are installed:

    python src/plan/testdata/incremental.py > src/plan/testdata/incremental.json
"""

import json
import pathlib
import subprocess
import sys
import tempfile

import duckdb

BASE = "select * from (values (1, 'a', 10), (2, 'b', 20), (3, 'c', 30)) as t(id, name, amount)"
NEXT = "select * from (values (2, 'B', 21), (4, 'D', 40)) as t(id, name, amount)"
PAIRS = "select * from (values (1, 'x', 10), (1, 'y', 11), (2, 'x', 20)) as t(id, part, amount)"
MORE_PAIRS = "select * from (values (1, 'y', 99), (2, 'y', 21)) as t(id, part, amount)"
NULLS = "select * from (values (1, 'x', 10), (null, 'y', 11), (2, null, 20)) as t(id, part, amount)"
MORE_NULLS = "select * from (values (1, 'x', 12), (null, 'y', 13), (2, null, 22)) as t(id, part, amount)"
WIDER = "select * from (values (2, 'B', 21, true), (4, 'D', 40, false)) as t(id, name, amount, flag)"
NARROWER = "select * from (values (2, 'B'), (4, 'D')) as t(id, name)"
OTHER = "select * from (values (2, 'B', true), (4, 'D', false)) as t(id, name, flag)"
TYPED = "select id, name, amount::bigint * 1000000000000 as amount from (values (2, 'B', 21), (4, 'D', 40)) as t(id, name, amount)"
TEXT = "select id, name, 'n' || amount as amount from (values (2, 'B', 21), (4, 'D', 40)) as t(id, name, amount)"
TURNED = "select amount, id, name from (values (2, 'B', 21), (4, 'D', 40)) as t(id, name, amount)"
TWICE = "select * from (values (2, 'B', 21), (2, 'BB', 22), (4, 'D', 40)) as t(id, name, amount)"
EMPTY = BASE + " where false"


def merge(**config):
    return {"incremental_strategy": "merge", **config}


def replace(**config):
    return {"incremental_strategy": "delete+insert", **config}


SCENARIOS = {
    "default_without_key": ({}, BASE, NEXT),
    "default_with_key": ({"unique_key": "id"}, BASE, NEXT),
    "append_ignores_the_key": ({"incremental_strategy": "append", "unique_key": "id"}, BASE, NEXT),
    "append_other_order": ({"incremental_strategy": "append"}, BASE, TURNED),
    "append_nothing": ({"incremental_strategy": "append"}, BASE, EMPTY),
    "replace_without_key": (replace(), BASE, NEXT),
    "replace_one_key": (replace(unique_key="id"), BASE, NEXT),
    "replace_list_of_one": (replace(unique_key=["id"]), BASE, NEXT),
    "replace_empty_list": (replace(unique_key=[]), BASE, NEXT),
    "replace_two_keys": (replace(unique_key=["id", "part"]), PAIRS, MORE_PAIRS),
    "replace_expression": (replace(unique_key="id || '-' || part"), PAIRS, MORE_PAIRS),
    "replace_null_key": (replace(unique_key="id"), NULLS, MORE_NULLS),
    "replace_null_keys": (replace(unique_key=["id", "part"]), NULLS, MORE_NULLS),
    "replace_twice_in_source": (replace(unique_key="id"), BASE, TWICE),
    "replace_predicate": (replace(unique_key="id", incremental_predicates=["amount > 20"]), BASE, NEXT),
    "replace_predicates_two_keys": (
        replace(unique_key=["id", "part"], incremental_predicates=["DBT_INCREMENTAL_TARGET.amount > 11"]),
        PAIRS,
        MORE_PAIRS,
    ),
    "replace_old_name_of_predicates": (replace(unique_key="id", predicates=["amount > 20"]), BASE, NEXT),
    "replace_unique_index": (
        replace(unique_key="id", indexes=[{"columns": ["id"], "unique": True}]),
        BASE,
        NEXT,
    ),
    "merge_one_key": (merge(unique_key="id"), BASE, NEXT),
    "merge_two_keys": (merge(unique_key=["id", "part"]), PAIRS, MORE_PAIRS),
    "merge_null_key": (merge(unique_key="id"), NULLS, MORE_NULLS),
    "merge_null_keys": (merge(unique_key=["id", "part"]), NULLS, MORE_NULLS),
    "merge_without_key": (merge(), BASE, NEXT),
    "merge_twice_in_source": (merge(unique_key="id"), BASE, TWICE),
    "merge_other_order": (merge(unique_key="id"), BASE, TURNED),
    "merge_predicates": (
        merge(unique_key="id", incremental_predicates=["DBT_INTERNAL_DEST.amount > 20", "DBT_INTERNAL_SOURCE.id > 0"]),
        BASE,
        NEXT,
    ),
    "merge_predicate_text": (merge(unique_key="id", incremental_predicates="DBT_INTERNAL_DEST.amount > 20"), BASE, NEXT),
    "merge_update_columns": (merge(unique_key="id", merge_update_columns=["name"]), BASE, NEXT),
    "merge_exclude_columns": (merge(unique_key="id", merge_exclude_columns=["NAME"]), BASE, NEXT),
    "merge_conditions": (
        merge(
            unique_key="id",
            merge_update_condition="DBT_INTERNAL_SOURCE.amount > 100",
            merge_insert_condition="DBT_INTERNAL_SOURCE.amount < 100",
        ),
        BASE,
        NEXT,
    ),
    "merge_using_columns": (merge(merge_on_using_columns=["id"]), BASE, NEXT),
    "merge_expressions": (
        merge(
            unique_key="id",
            merge_update_columns=["amount", "name"],
            merge_update_set_expressions={"amount": "DBT_INTERNAL_DEST.amount + DBT_INTERNAL_SOURCE.amount"},
        ),
        BASE,
        NEXT,
    ),
    "merge_expressions_only": (
        merge(unique_key="id", merge_update_set_expressions={"amount": "DBT_INTERNAL_DEST.amount + 1"}),
        BASE,
        NEXT,
    ),
    "merge_clauses": (
        merge(
            unique_key="id",
            merge_clauses={
                "when_matched": [
                    {"action": "delete", "condition": "DBT_INTERNAL_SOURCE.amount > 30"},
                    {"action": "update", "mode": "explicit", "update": {"include": ["name"]}},
                ],
                "when_not_matched": [
                    {"action": "insert", "mode": "explicit", "insert": {"columns": ["id"], "values": ["DBT_INTERNAL_SOURCE.id"]}}
                ],
            },
        ),
        BASE,
        NEXT,
    ),
    "merge_clauses_by_source": (
        merge(
            unique_key="id",
            merge_clauses={
                "when_matched": [{"action": "update", "mode": "star"}],
                "when_not_matched": [
                    {"action": "insert", "mode": "by_position"},
                    {"by": "source", "action": "delete", "condition": ["DBT_INTERNAL_DEST.id > 2", "true"]},
                ],
            },
        ),
        BASE,
        NEXT,
    ),
    "merge_clauses_nothing": (
        merge(
            unique_key="id",
            merge_clauses={"when_matched": [{"action": "do_nothing"}], "when_not_matched": [{"action": "insert", "mode": "by_name"}]},
        ),
        BASE,
        NEXT,
    ),
    "merge_clauses_error": (
        merge(unique_key="id", merge_clauses={"when_matched": [{"action": "error", "error_message": "it's there"}]}),
        BASE,
        NEXT,
    ),
    "ignore_new_column": (replace(unique_key="id", on_schema_change="ignore"), BASE, WIDER),
    "ignore_missing_column": (replace(unique_key="id"), BASE, NARROWER),
    "ignore_type": (replace(unique_key="id"), BASE, TYPED),
    "ignore_new_column_merge": (merge(unique_key="id"), BASE, WIDER),
    "ignore_missing_column_merge": (merge(unique_key="id"), BASE, NARROWER),
    "append_new_columns": (replace(unique_key="id", on_schema_change="append_new_columns"), BASE, WIDER),
    "append_new_columns_merge": (merge(unique_key="id", on_schema_change="append_new_columns"), BASE, WIDER),
    "append_new_columns_missing": (replace(unique_key="id", on_schema_change="append_new_columns"), BASE, OTHER),
    "append_new_columns_type": (replace(unique_key="id", on_schema_change="append_new_columns"), BASE, TYPED),
    "append_new_columns_same": (replace(unique_key="id", on_schema_change="append_new_columns"), BASE, NEXT),
    "sync_new_column": (replace(unique_key="id", on_schema_change="sync_all_columns"), BASE, WIDER),
    "sync_missing_column": (replace(unique_key="id", on_schema_change="sync_all_columns"), BASE, NARROWER),
    "sync_both": (replace(unique_key="id", on_schema_change="sync_all_columns"), BASE, OTHER),
    "sync_both_merge": (merge(unique_key="id", on_schema_change="sync_all_columns"), BASE, OTHER),
    "sync_type": (replace(unique_key="id", on_schema_change="sync_all_columns"), BASE, TYPED),
    "sync_type_to_text": (replace(unique_key="id", on_schema_change="sync_all_columns"), BASE, TEXT),
    "sync_type_to_text_merge": (merge(unique_key="id", on_schema_change="sync_all_columns"), BASE, TEXT),
    "sync_order_only": (replace(unique_key="id", on_schema_change="sync_all_columns"), BASE, TURNED),
    "fail_new_column": (replace(unique_key="id", on_schema_change="fail"), BASE, WIDER),
    "fail_missing_column": (replace(unique_key="id", on_schema_change="fail"), BASE, NARROWER),
    "fail_type": (replace(unique_key="id", on_schema_change="fail"), BASE, TYPED),
    "fail_order_only": (replace(unique_key="id", on_schema_change="fail"), BASE, TURNED),
    "fail_same": (replace(unique_key="id", on_schema_change="fail"), BASE, NEXT),
    "full_refresh": ({"full_refresh": True}, BASE, WIDER),
}


def write(root, name, config, first, second):
    config = {"materialized": "incremental", **config}
    # A model with `full_refresh` is never incremental: its second query is told by a variable.
    text = "{{ config(" + ", ".join(f"{key}={value!r}" for key, value in config.items()) + ") }}\n"
    text += "{% if var('second', false) %}\n" + second + "\n{% else %}\n" + first + "\n{% endif %}\n"
    (root / "models" / f"{name}.sql").write_text(text)


def build(root, *arguments):
    command = [pathlib.Path(sys.executable).parent / "dbt", "--quiet", "--no-partial-parse", "run", "--profiles-dir", root, "--project-dir", root]
    subprocess.run([*command, *arguments], check=False, stdout=sys.stderr, cwd=root)
    results = json.loads((root / "target" / "run_results.json").read_text())["results"]
    return {r["unique_id"].split(".")[-1]: r["message"] for r in results if r["status"] != "success"}


def state(connection, name):
    columns = [[c[0], c[1]] for c in connection.execute(f'describe "{name}"').fetchall()]
    listed = ", ".join(f'cast("{c}" as varchar)' for c, _ in columns)
    rows = [list(row) for row in connection.execute(f'select {listed} from "{name}" order by all').fetchall()]
    return columns, rows


def main():
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        (root / "models").mkdir()
        (root / "dbt_project.yml").write_text("name: shop\nprofile: shop\nversion: '1.0'\nflags: {send_anonymous_usage_stats: false}\n")
        target = {"type": "duckdb", "path": str(root / "shop.duckdb"), "threads": 1}
        (root / "profiles.yml").write_text(json.dumps({"shop": {"target": "dev", "outputs": {"dev": target}}}))
        for name, (config, first, second) in SCENARIOS.items():
            write(root, name, config, first, second)
        if failed := build(root):
            sys.exit(f"the first build failed: {failed}")
        failed = build(root, "--vars", "second: true")
        connection = duckdb.connect(str(root / "shop.duckdb"))
        recorded = []
        for name, (config, first, second) in SCENARIOS.items():
            columns, rows = state(connection, name)
            case = {"name": name, "config": config, "first": first, "second": second}
            error = " ".join(failed[name].split()) if name in failed else None
            recorded.append(case | {"error": error, "columns": columns, "rows": rows})
    print("[\n" + ",\n".join(json.dumps(case) for case in recorded) + "\n]")


main()
