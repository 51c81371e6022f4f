#!/usr/bin/env python3
"""Write the options of every command of dbt-core, for the test that karat knows them all: options.py > options.json

For each command its options as one may write them, each with a value that it takes, or null for a switch. Run this with the
python that dbt-core is installed in.
"""
import json

import click
from dbt.cli.main import cli

# Where any text would be refused.
SAMPLES = {"--event-time-start": "2024-01-01", "--event-time-end": "2024-01-02", "--sample": "1 day", "--limit": "3",
           "--threads": "2", "--vars": "{}", "--args": "{}", "--warn-error-options": "{}", "--port": "8081", "--output-keys": "name",
           "--printer-width": "80", "--log-file-max-bytes": "1000", "--add-package": "a@1", "--deprecated-defer": "false"}


def walk(command, path):
    yield path, command
    for name, inner in getattr(command, "commands", {}).items():
        yield from walk(inner, [*path, name])


def sample(param):
    if getattr(param, "is_flag", False):
        return None
    first = param.opts[0]
    choices = getattr(param.type, "choices", None)
    return SAMPLES.get(first) or (choices[0] if choices else "x")


def main():
    out = {}
    for path, command in walk(cli, []):
        known = [p for p in command.params if isinstance(p, click.Option)]
        out[" ".join(path)] = {name: sample(p) for p in known for name in [*p.opts, *p.secondary_opts]
                               if name not in ("--version", "-v", "-V", "--help", "-h")}
    print(json.dumps({k: dict(sorted(v.items())) for k, v in sorted(out.items())}, indent=1))


if __name__ == "__main__":
    main()
