#!/usr/bin/env python3
"""Time karat, and whatever dbt-compatible programs are at hand, on a synthetic project.

    bench.py [--models 10000] [--runs 5] [--karat target/release/karat] [--peer NAME=PROGRAM …]

`parse`, `compile` and `ls` run on a project of --models models, `build` on one of --build-models with a fresh database
each time. Every program has its own copy of the projects and takes turns with the others, after one run that is not
counted. Printed is a Markdown table of medians: wall-clock time, CPU time (user and system), the largest resident memory, and
how many times karat's figures a peer's are. A peer is what --peer names, or else `dbt` on the PATH.

With --project an existing project is used instead: `parse`, `compile` and `ls` only, and its folder is copied first.
"""

from __future__ import annotations

import argparse
import os
import pathlib
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from typing import NamedTuple

import gen_project

ROOT = pathlib.Path(__file__).resolve().parent.parent
# On macOS the kernel counts bytes, elsewhere kilobytes.
RSS_UNIT = 1 if sys.platform == "darwin" else 1024
COLD = ["--no-partial-parse"]  # karat keeps nothing between runs, so its peers may not either


class Sample(NamedTuple):
    wall: float
    cpu: float
    memory: float  # MiB


def call(program, arguments, folder):
    """Runs a command to its end; its output is shown only if it fails."""
    with tempfile.TemporaryFile() as output:
        start = time.perf_counter()
        process = subprocess.Popen([program, *arguments], cwd=folder, stdin=subprocess.DEVNULL, stdout=output, stderr=output,
                                   env={**os.environ, "DBT_SEND_ANONYMOUS_USAGE_STATS": "false"})
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            output.seek(0)
            sys.exit(f"`{program} {' '.join(arguments)}` ended with {process.returncode}:\n"
                     + output.read().decode(errors="replace")[-4000:])
    return Sample(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * RSS_UNIT / 2**20)


def median(samples):
    return Sample(*(statistics.median(column) for column in zip(*samples)))


def interleaved(programs, runs, once):
    """`once(name)` for each program in turn; the first round warms up and is not counted."""
    samples = {name: [] for name in programs}
    for turn in range(runs + 1):
        for name in programs:
            sample = once(name)
            if turn:
                samples[name].append(sample)
    return {name: median(taken) for name, taken in samples.items()}


def time_reading(programs, folders, options):
    """Medians of the commands that build nothing."""
    results = {}
    for command in ("parse", "compile", "ls"):
        print(f"bench: {command}", file=sys.stderr)
        results[command] = interleaved(
            programs, options.runs, lambda name: call(programs[name], [command, *COLD], folders[name]))
    return results


def time_build(programs, folders, options):
    print("bench: build", file=sys.stderr)

    def once(name):
        for leftover in folders[name].glob("parcels.duckdb*"):
            leftover.unlink()
        call(programs[name], ["run-operation", "load_raw"], folders[name])
        return call(programs[name], ["build", *COLD], folders[name])

    return interleaved(programs, options.runs, once)


def table(results):
    lines = ["| command | program | wall | CPU | memory | wall × | CPU × | memory × |", "|---|---|---:|---:|---:|---:|---:|---:|"]
    for command, medians in results.items():
        base = medians["karat"]
        for name, sample in medians.items():
            ratios = " | ".join("" if name == "karat" else f"{mine / max(its, 1e-9):.1f}" for mine, its in zip(sample, base))
            lines.append(f"| {command} | {name} | {sample.wall:.2f} s | {sample.cpu:.2f} s | {sample.memory:.0f} MiB | {ratios} |")
    return "\n".join(lines)


def find_programs(options):
    built = [ROOT / "target" / profile / "karat" for profile in ("release", "debug")]
    karat = options.karat or next((str(path) for path in built if path.exists()), None) or shutil.which("karat")
    if karat is None:
        sys.exit("there is no karat; build one with `cargo build --release`, or name it with --karat")
    programs = {"karat": karat} | dict(peer.split("=", 1) for peer in options.peer)
    if not options.peer and not options.no_peers and (dbt := shutil.which("dbt")):
        programs["dbt"] = dbt
    return {name: str(pathlib.Path(path).absolute()) if os.sep in path else path for name, path in programs.items()}


def copies(programs, work, make):
    """A folder for each program, filled by `make`."""
    folders = {name: work / name for name in programs}
    for folder in folders.values():
        make(folder)
    return folders


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--models", type=int, default=10_000)
    parser.add_argument("--build-models", type=int, default=200)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--karat")
    parser.add_argument("--peer", action="append", default=[], metavar="NAME=PROGRAM")
    parser.add_argument("--no-peers", action="store_true", help="time karat alone")
    parser.add_argument("--project", type=pathlib.Path)
    options = parser.parse_args()
    programs = find_programs(options)
    with tempfile.TemporaryDirectory(prefix="karat-bench-") as scratch:
        work = pathlib.Path(scratch)
        if options.project:
            unwanted = shutil.ignore_patterns("target", ".git", ".duckdb", "logs")
            folders = copies(programs, work / "own", lambda f: shutil.copytree(options.project, f, ignore=unwanted))
            what = options.project.resolve().name
        else:
            folders = copies(programs, work / "large", lambda f: gen_project.generate(f, options.models))
            what = f"{options.models} models; build: {options.build_models} models"
        results = time_reading(programs, folders, options)
        if not options.project:
            folders = copies(programs, work / "small", lambda f: gen_project.generate(f, options.build_models))
            results["build"] = time_build(programs, folders, options)
    print(f"{what}; medians of {options.runs} runs; {platform.system()} {platform.machine()}, {os.cpu_count()} CPUs\n")
    print(table(results))


if __name__ == "__main__":
    main()
