#!/usr/bin/env python3
"""Renders every case of `cases/*.yml` with the Jinja2 environment of an installed dbt-core.

What dbt makes of a case is written to `expected/*.json`, which the Rust test compares with. Run it with a Python
that has dbt-core: `python generate.py`.

A case has a `name`, a `template`, and optionally a `context` (a map), `macros` (the text of a macro file) and a
`mode`: `text` (the default), `native` (a string of a YAML file) or `lenient` (as rendered while dbt parses).
"""

import json
import pathlib

import yaml
from dbt.clients.jinja import MacroGenerator, get_rendered
from dbt.context.base import BaseContext
from dbt.context.context_config import ContextConfig  # noqa: F401  (resolves an import cycle of dbt)
from dbt.flags import set_from_args
from dbt_common.clients.jinja import extract_toplevel_blocks
from dbt_common.context import set_invocation_context

HERE = pathlib.Path(__file__).parent
FUNCTIONS = """
    return fromjson tojson fromyaml toyaml set set_strict zip zip_strict local_md5 diff_of_two_dicts modules
""".split()


class Macro:
    """What dbt's macro generator wants to know about a macro."""

    def __init__(self, name, source):
        self.name = name
        self.macro_sql = source
        self.unique_id = f"macro.suite.{name}"
        self.original_file_path = "macros/suite.sql"
        self.package_name = "suite"


def macro_name(block):
    if block.block_type_name == "test":
        return f"test_{block.block_name}"
    return block.block_name


def context_of(case):
    base = BaseContext({}).to_dict()
    context = {name: base[name] for name in FUNCTIONS}
    context.update(case.get("context", {}))
    blocks = extract_toplevel_blocks(
        case.get("macros", ""), allowed_blocks={"macro", "test"}, collect_raw_data=False
    )
    for block in blocks:
        macro = Macro(macro_name(block), block.full_block)
        context[macro.name] = MacroGenerator(macro, context)
    return context


def message_of(error):
    return getattr(error, "msg", None) or str(error)


def render(case):
    mode = case.get("mode", "text")
    try:
        value = get_rendered(
            case["template"], context_of(case), native=mode == "native", capture_macros=mode == "lenient"
        )
    except Exception as error:
        return {"error": message_of(error)}
    return {"value": repr(value)} if mode == "native" else {"output": value}


def record(folder):
    set_invocation_context({})
    set_from_args(type("Args", (), {})(), None)
    for path in sorted((folder / "cases").glob("*.yml")):
        cases = yaml.safe_load(path.read_text())
        results = {case["name"]: render(case) for case in cases}
        assert len(results) == len(cases), f"two cases of {path.name} have the same name"
        text = json.dumps(results, indent=1, ensure_ascii=False)
        (folder / "expected" / f"{path.stem}.json").write_text(text + "\n")


if __name__ == "__main__":
    record(HERE)
