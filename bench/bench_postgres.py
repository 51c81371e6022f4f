#!/usr/bin/env python3
"""Time karat on a Postgres server beside `psql`, which only sends the statements.

    scripts/with-postgres bench/bench_postgres.py [--rows 1000000] [--models 500] [--threads 1,2,4,8] [--runs 5] [--karat PROGRAM]

The server is the one of KARAT_TEST_POSTGRES_URL; what is made there is in a database of its own, which is dropped at the
end. Measured are

- a seed of --rows rows, against `\\copy` of the same file into a table of the same types (`create table` included),
- --models views and --models tables, built and built again, against the same statements in a file (`psql -f`),
- --heavy models of equal cost with each number of --threads, against the first of these numbers.

karat and `psql` take turns, after one round that is not counted. Printed is a Markdown table of the medians of wall-clock
time, and how many times psql's karat's is.
"""

from __future__ import annotations

import argparse
import csv
import datetime
import os
import pathlib
import platform
import random
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.parse

import bench

PROJECT = "name: bench\nprofile: bench\n"
PROFILE = """\
bench:
  target: pg
  outputs:
    pg: {type: postgres, host: "%s", port: %s, user: "%s", password: "%s", dbname: "%s", schema: karat, threads: 4}
"""
QUERY = "select {0} as id, 'model {0}' as name, current_date as day, {0} * 1.5 as amount"
HEAVY = ("select n % 1000 as part, count(*) as rows, sum(sqrt(n::float8)) as total, max(md5(n::text)) as largest "
         "from generate_series(1, {0}) as t (n) group by 1")
TYPES = "id integer, customer integer, placed_at timestamp without time zone, status text, amount float8, note text"


class Server:
    """A database of the benchmark's own."""

    def __init__(self, url):
        parts = urllib.parse.urlsplit(url)
        self.home, self.name = parts.path.lstrip("/"), f"karat_bench_{os.getpid()}"
        self.user, self.password = (urllib.parse.unquote(part or "") for part in (parts.username, parts.password))
        self.host, self.port = parts.hostname, parts.port or 5432
        self.variables = {"PGHOST": self.host, "PGPORT": str(self.port), "PGUSER": self.user, "PGPASSWORD": self.password}

    def __enter__(self):
        self.psql("-c", f"create database {self.name}", database=self.home)
        return self

    def __exit__(self, *_):
        self.psql("-c", f"drop database {self.name} with (force)", database=self.home)

    def psql(self, *arguments, database=None):
        """How long it took."""
        environment = os.environ | self.variables | {"PGDATABASE": database or self.name}
        return timed(["psql", "--no-psqlrc", "--quiet", "--set", "ON_ERROR_STOP=1", *arguments], None, environment)

    def forget(self, schema):
        """An empty schema, and nothing left to do for the server."""
        self.psql("-c", f"set client_min_messages = error; drop schema if exists {schema} cascade; create schema {schema}")
        self.psql("-c", "checkpoint")

    def profile(self):
        return PROFILE % (self.host, self.port, self.user, self.password, self.name)


def timed(command, folder, environment=None):
    with tempfile.TemporaryFile() as output:
        start = time.perf_counter()
        code = subprocess.call(command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=output)
        wall = time.perf_counter() - start
        if code != 0:
            output.seek(0)
            sys.exit(f"`{' '.join(command)}` ended with {code}:\n" + output.read().decode(errors="replace")[-4000:])
    return wall


def project(folder, server, files):
    for path, text in {"project.yml": PROJECT, "profiles.yml": server.profile()}.items() | files.items():
        path = folder / path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def medians(runs, sides):
    """The median of each side's times, which are called in turn; the first round is not counted."""
    samples = {name: [] for name in sides}
    for turn in range(runs + 1):
        for name, once in sides.items():
            wall = once()
            if turn:
                samples[name].append(wall)
    return {name: statistics.median(taken) for name, taken in samples.items()}


def write_seed(path, rows):
    chance = random.Random(1)
    start = datetime.datetime(2024, 1, 1)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(column.split()[0] for column in TYPES.split(", "))
        for number in range(1, rows + 1):
            placed = start + datetime.timedelta(seconds=chance.randrange(30_000_000))
            note = chance.choice(("", "left at the door", 'said "later", then left', "returned, unopened"))
            status = chance.choice(("placed", "shipped", "returned"))
            writer.writerow((number, chance.randrange(100_000), placed, status, f"{chance.random() * 1000:.2f}", note))


def time_seed(karat, server, work, options):
    folder = project(work / "seed", server, {})
    (folder / "seeds").mkdir()
    file = folder / "seeds" / "orders.csv"
    write_seed(file, options.rows)
    copy = work / "copy.sql"
    copy.write_text(f"create table psql.orders ({TYPES});\n"
                    f"\\copy psql.orders from '{file}' with (format csv, header)\n", encoding="utf-8")

    def by_karat():
        server.forget("karat")
        return timed([karat, "seed"], folder)

    def by_psql():
        server.forget("psql")
        return server.psql("-f", str(copy))

    return {f"seed of {options.rows} rows": medians(options.runs, {"karat": by_karat, "psql": by_psql})}


def time_models(karat, server, work, options, kind):
    names = [f"m{number}" for number in range(options.models)]
    header = "{{ config(materialized='%s') }}\n" % kind
    queries = {name: QUERY.format(number) for number, name in enumerate(names)}
    folder = project(work / kind, server, {f"models/{name}.sql": header + query for name, query in queries.items()})
    first, again = work / f"{kind}.sql", work / f"{kind}_again.sql"
    first.write_text("".join(f"create {kind} psql.{name} as {query};\n" for name, query in queries.items()), encoding="utf-8")
    # A table that is there is replaced by a complete one.
    replace = "create or replace view psql.{0} as {1};\n" if kind == "view" else (
        "begin;\ncreate table psql.{0}__new as {1};\ndrop table psql.{0};\nalter table psql.{0}__new rename to {0};\ncommit;\n")
    again.write_text("".join(replace.format(name, query) for name, query in queries.items()), encoding="utf-8")

    def fresh(schema, once):
        server.forget(schema)
        return once()

    def by_karat():
        return timed([karat, "run"], folder)

    sides = {"karat": lambda: fresh("karat", by_karat), "psql": lambda: fresh("psql", lambda: server.psql("-f", str(first)))}
    what = f"{options.models} {kind}s"
    return {
        what: medians(options.runs, sides),
        f"{what}, again": medians(options.runs, {"karat": by_karat, "psql": lambda: server.psql("-f", str(again))}),
    }


def time_threads(karat, server, work, options):
    query = "{{ config(materialized='table') }}\n" + HEAVY.format(options.heavy_rows)
    folder = project(work / "threads", server, {f"models/h{number}.sql": query for number in range(options.heavy)})

    def once(threads):
        server.forget("karat")
        return timed([karat, "run", "--threads", threads], folder)

    sides = {threads: lambda threads=threads: once(threads) for threads in options.threads.split(",")}
    return medians(options.runs, sides)


def table(pairs, threads, options):
    lines = ["| what | karat | psql | ratio |", "|---|---:|---:|---:|"]
    for what, walls in pairs.items():
        lines.append(f"| {what} | {walls['karat']:.2f} s | {walls['psql']:.2f} s | {walls['karat'] / walls['psql']:.2f} |")
    lines += ["", f"| {options.heavy} models of equal cost | karat | times as fast |", "|---|---:|---:|"]
    first = next(iter(threads.values()))
    for number, wall in threads.items():
        lines.append(f"| `--threads {number}` | {wall:.2f} s | {first / wall:.2f} |")
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--models", type=int, default=500)
    parser.add_argument("--heavy", type=int, default=16)
    parser.add_argument("--heavy-rows", type=int, default=300_000)
    parser.add_argument("--threads", default="1,2,4,8")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--karat")
    options = parser.parse_args()
    options.peer, options.no_peers = [], True
    url = os.environ.get("KARAT_TEST_POSTGRES_URL")
    if not url:
        sys.exit("KARAT_TEST_POSTGRES_URL is not set: run this by scripts/with-postgres")
    karat = bench.find_programs(options)["karat"]
    pairs = {}
    with tempfile.TemporaryDirectory(prefix="karat-bench-") as scratch, Server(url) as server:
        work = pathlib.Path(scratch)
        pairs |= time_seed(karat, server, work, options)
        for kind in ("view", "table"):
            pairs |= time_models(karat, server, work, options, kind)
        threads = time_threads(karat, server, work, options)
    print(f"medians of {options.runs} runs, 4 threads; {platform.system()} {platform.machine()}, {os.cpu_count()} CPUs\n")
    print(table(pairs, threads, options))


if __name__ == "__main__":
    main()
