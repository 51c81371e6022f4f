#!/usr/bin/env python3
"""Writes figures.json: what the cards of examples/experiments have to show, computed from the generator's events with NumPy and SciPy.

    python3 -m venv venv
    venv/bin/pip install scipy
    venv/bin/python tests/experiments/figures.py
"""

import argparse
import collections
import json
import pathlib
import sys

import numpy
from scipy import stats

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE.parent.parent / "examples/experiments"))
sys.path.insert(0, str(HERE))

import generate
import significance

NAMES = {row[0]: row[1] for row in generate.EXPERIMENTS}
VARIANTS = {row[0]: row for row in generate.VARIANTS}
STATES = generate.STATES


def load():
    arguments = argparse.Namespace(seed=20260101, days=30, units=1200, incident=[])
    arguments.end = generate.datetime(2026, 2, 1, tzinfo=generate.timezone.utc)
    warehouse = generate.Warehouse(arguments)
    warehouse.fill()
    return warehouse


def tagged(events):
    """Each event with the names of each experiment and variant that it belongs to."""
    for kind, at, unit, tags, context, metrics, payload in events:
        for tag in tags:
            variant = VARIANTS[tag["variant"]]
            yield (NAMES[tag["experiment"]], variant[2]), kind, unit, context, metrics, payload


def outcomes(events):
    """What tests of significance observe: metric, variant, unit → value."""
    first, latency, cost, shown = {}, collections.defaultdict(list), collections.defaultdict(list), {}
    turns = {}
    for key, kind, unit, context, metrics, payload in events:
        group = (*key, unit)
        if kind == "suggestion_served":
            latency[group].append(metrics["latency_ms"])
            cost[group].append(metrics["cost_usd"])
            shown.setdefault(group, payload["suggestion_id"])
        elif kind in ("suggestion_accepted", "suggestion_rejected") and shown[group] == payload["suggestion_id"]:
            first["acceptance_rate", group] = kind == "suggestion_accepted"
            first["rating", group] = metrics["rating"]
        elif kind == "conversation_started":
            turns.setdefault(group, context["session_id"])
        elif kind in ("conversation_completed", "conversation_abandoned") and turns[group] == context["session_id"]:
            done = kind == "conversation_completed"
            first["completion_rate", group] = done
            first["turns", group] = payload["turn"]
            if done:
                first["time_to_completion_s", group] = metrics["duration_s"]
    first.update({("latency_ms", group): sum(values) / len(values) for group, values in latency.items()})
    first.update({("cost_per_suggestion", group): sum(values) / len(values) for group, values in cost.items()})
    return first


def variant_significance(events):
    tests = {
        "acceptance_rate": significance.two_proportion_z, "completion_rate": significance.two_proportion_z,
        "rating": significance.chi_square, "latency_ms": significance.welch_t,
        "cost_per_suggestion": significance.welch_t, "turns": significance.mann_whitney_u,
        "time_to_completion_s": significance.mann_whitney_u,
    }
    samples = collections.defaultdict(list)
    for (metric, (experiment, variant, _)), value in outcomes(events).items():
        samples[experiment, metric, variant].append(value)
    for (experiment, metric, variant), treatment in samples.items():
        if variant == "control":
            continue
        control = samples[experiment, metric, "control"]
        names = ["control", "treatment", "statistic", "degrees_of_freedom", "p_value"]
        figures = dict(zip(names, tests[metric](control, treatment)))
        yield {
            "experiment": experiment, "metric": metric, "variant": variant, "test": tests[metric].__name__,
            "control_count": len(control), "treatment_count": len(treatment), **figures,
            "difference": figures["treatment"] - figures["control"], "significant": bool(figures["p_value"] < 0.05),
        }


def latency_by_variant(events):
    values = collections.defaultdict(list)
    for key, kind, _, _, metrics, _ in events:
        if "latency_ms" in metrics:
            values[*key, kind].append(metrics["latency_ms"])
    for (experiment, variant, kind), found in values.items():
        p50, p95, p99 = numpy.percentile(found, [50, 95, 99])
        yield {"experiment": experiment, "variant": variant, "event_type": kind, "requests": len(found)} | {
            "p50_ms": p50, "p95_ms": p95, "p99_ms": p99
        }


def token_use(events):
    values = collections.defaultdict(list)
    for key, kind, _, _, metrics, _ in events:
        if "tokens_in" in metrics:
            values[*key, kind].append((metrics["tokens_in"], metrics["tokens_out"]))
    for (experiment, variant, kind), found in values.items():
        tokens_in, tokens_out = map(sum, zip(*found))
        yield {"experiment": experiment, "variant": variant, "event_type": kind, "tokens_in": tokens_in} | {
            "tokens_out": tokens_out, "tokens_out_per_request": tokens_out / len(found)
        }


def variant_acceptance(events):
    answers = collections.defaultdict(list)
    for key, kind, *_ in events:
        if kind in ("suggestion_accepted", "suggestion_rejected"):
            answers[key].append(kind == "suggestion_accepted")
    for (experiment, variant), found in answers.items():
        interval = stats.binomtest(sum(found), len(found)).proportion_ci(method="wilson")
        yield {"experiment": experiment, "variant": variant, "suggestions": len(found)} | {
            "acceptance_rate": sum(found) / len(found), "low": interval.low, "high": interval.high
        }


def cost_per_result(events):
    cost, results = collections.Counter(), collections.Counter()
    names = {"suggestion": "accepted suggestion", "conversation": "completed conversation"}
    for key, kind, _, _, metrics, _ in events:
        name = names.get(kind.split("_")[0])
        cost[*key, name] += metrics.get("cost_usd", 0)
        results[*key, name] += kind in ("suggestion_accepted", "conversation_completed")
    for (experiment, variant, name), count in results.items():
        if name:
            total = cost[experiment, variant, name]
            yield {"experiment": experiment, "variant": variant, "result": name, "results": count} | {
                "cost_usd": total, "cost_usd_per_result": total / count
            }


def conversations(events):
    for key, kind, _, _, metrics, payload in events:
        if kind in ("conversation_completed", "conversation_abandoned"):
            yield key, kind.split("_")[1], payload["state"], payload["turn"], metrics["duration_s"]


def conversation_drop_off(events):
    reached, dropped = collections.Counter(), collections.Counter()
    for key, outcome, state, _, _ in conversations(events):
        for passed in STATES[: STATES.index(state) + 1]:
            reached[*key, passed] += 1
        dropped[*key, state] += outcome == "abandoned"
    for (experiment, variant, state), count in reached.items():
        lost = dropped[experiment, variant, state]
        yield {"experiment": experiment, "variant": variant, "state": state, "sessions_reached": count} | {
            "sessions_dropped": lost, "drop_off_rate": lost / count
        }


def conversation_completion(events):
    ends = collections.defaultdict(list)
    for key, outcome, *_ in conversations(events):
        ends[key].append(outcome == "completed")
    for (experiment, variant), found in ends.items():
        yield {"experiment": experiment, "variant": variant, "conversations": len(found)} | {
            "completion_rate": sum(found) / len(found)
        }


def conversation_turns(events):
    found = collections.Counter((*key, outcome, turns) for key, outcome, _, turns, _ in conversations(events))
    for (experiment, variant, outcome, turns), count in found.items():
        yield {"experiment": experiment, "variant": variant, "outcome": outcome, "turns": turns, "conversations": count}


def conversation_time_to_completion(events):
    found = collections.defaultdict(list)
    for key, outcome, _, _, seconds in conversations(events):
        if outcome == "completed":
            found[key].append(seconds)
    for (experiment, variant), seconds in found.items():
        p50, p90 = numpy.percentile(seconds, [50, 90])
        yield {"experiment": experiment, "variant": variant, "mean_s": sum(seconds) / len(seconds)} | {
            "p50_s": p50, "p90_s": p90
        }


def overview_assignment(warehouse):
    units = collections.Counter(variant[0] for variant, _ in warehouse.assignments.values())
    for experiment, name in NAMES.items():
        variants = [row for row in generate.VARIANTS if row[1] == experiment]
        total = sum(units[row[0]] for row in variants)
        if total:
            p = stats.chisquare([units[row[0]] for row in variants], [row[4] * total for row in variants]).pvalue
            for row in variants:
                yield {"experiment": name, "variant": row[2], "units": units[row[0]], "mismatch_p_value": p}


CARDS = {
    variant_significance: ["experiment", "metric", "variant"],
    variant_acceptance: ["experiment", "variant"],
    latency_by_variant: ["experiment", "variant", "event_type"],
    token_use: ["experiment", "variant", "event_type"],
    cost_per_result: ["experiment", "variant", "result"],
    conversation_drop_off: ["experiment", "variant", "state"],
    conversation_completion: ["experiment", "variant"],
    conversation_turns: ["experiment", "variant", "outcome", "turns"],
    conversation_time_to_completion: ["experiment", "variant"],
}


def main():
    warehouse = load()
    events = list(tagged(warehouse.events))
    cards = [(card.__name__, key, card(events)) for card, key in CARDS.items()]
    cards.append(("overview_assignment", ["experiment", "variant"], overview_assignment(warehouse)))
    texts = []
    for name, key, rows in cards:
        rows = [{column: significance.plain(value) for column, value in row.items()} for row in rows]
        rows = ",\n".join("  " + json.dumps(row) for row in sorted(rows, key=lambda row: str([row[k] for k in key])))
        texts.append(f'{{"model": "{name}", "key": {json.dumps(key)}, "rows": [\n{rows}\n]}}')
    (HERE / "figures.json").write_text("[\n" + ",\n".join(texts) + "\n]\n")


if __name__ == "__main__":
    main()
