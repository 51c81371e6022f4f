#!/usr/bin/env python3
"""What PyYAML makes of small documents, into `expected.json` beside this file. Run it with a Python that has PyYAML."""
import datetime
import json
import pathlib

import yaml

SCALARS = """yes|no|on|off|Y|n|y|True|NO|ON|oN|yEs|TRUE|Off|~|null|Null|0o14|014|0x1F|0b101|1_000|190:20:30|1:30|-1:30|1:60
1:30.5|1.5e3|1.5e+3|1e3|1.e+3|.5|-.5|+.5|.inf|-.INF|.nan|+12|-12|08|09|00|0|-0|0777|0o777|1__0|_1|1.0|1.10|0.10|12e03|5.|0x
2024-01-01|2024-1-1|2024-01-01 10:00:00|2024-01-01T10:00:00Z|2024-01-01 10:00:00.123 +02:00|100000000000000000000|1e400
"yes"|'no'|"014"|'1:30'|"1e3"|=|<<|!!str 12|!!str 014|!!int "3"|!!float "1"|!custom x|x#y|1 # comment|"x" # y|"multi\\n  line"
'it''s'|"tab\\\\there"|"\\\\u00e9\\\\x41"|[]|{}|[1, 2,]|{b: [c, d], e: {}}|{b, c}|[014, 1:30, "014"]|b: c|'x|@x|`x|%x|*missing|é 014""".replace(
    "\n", "|").split("|")
DOCUMENTS = [
    "", "\n", "# only a comment\n", "# a comment\na: 1", "---\na: 1\n", "---\na: 1\n...\n", "a: 1\n---\nb: 2", "\ufeffa: 1",
    "a: &x {k: 1, j: 2}\nb: {<<: *x, k: 3}", "a: &x [1, 014]\nb: *x", "<<: {a: 1}\nb: 2",
    "a: &x {k: 1}\nc: &y {k: 2, z: 1}\nb: {<<: [*x, *y], m: 1}", "base: &b\n  k: 1\n  l: [1]\nmore:\n  <<: *b\n  m: 2\n",
    "a: |\n  line\n  two\n", "a: |-\n  line\n  two\n\n", "a: >\n  line\n  two\n\n  three\n", "a: |+\n  x\n\n", "a: |2\n    x\n",
    "a: |\n  014\n", "a:\n  014", "a: 1\na: 2", "1: a\n2: b", "yes: a", "null: a", "1.5: a", "? a\n: b", "a:\n- a:\n  b: 1\n- c",
    "- - 1\n  - 2\n", "\ta: 1", "a:\t1", "a: 1\n\tb: 2", "a: plain\n  on two lines", "a: 'x\n\n  y'", "é: 014\nb: ü\nc: 1:30",
]


def key(value):
    return value.isoformat() if isinstance(value, datetime.date) else str(value)


def plain(value):
    if isinstance(value, dict):
        return {key(k): plain(v) for k, v in value.items()}
    if isinstance(value, list):
        return [plain(v) for v in value]
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, float) and (value != value or abs(value) == float("inf")):
        return {"float": str(value)}
    return value


def read(document):
    try:
        return {"yaml": document, "value": plain(yaml.safe_load(document))}
    except (yaml.YAMLError, ValueError, TypeError):
        return {"yaml": document, "error": True}


documents = ["a: " + scalar.replace("\\n", "\n").replace("\\\\", "\\") for scalar in SCALARS] + DOCUMENTS
lines = ",\n".join(json.dumps(read(document), ensure_ascii=False) for document in documents)
(pathlib.Path(__file__).parent / "expected.json").write_text(f"[\n{lines}\n]\n")
