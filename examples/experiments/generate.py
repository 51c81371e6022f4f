#!/usr/bin/env python3
"""Writes an experimentation warehouse as SQL for psql: tables, rows, and the groups of users.

    python3 generate.py | psql --set ON_ERROR_STOP=1

The same arguments give the same text.
"""

import argparse
import json
import pathlib
import random
import statistics
import sys
from datetime import datetime, timedelta, timezone

GROUPS = ["exp_admins", "exp_ml", "exp_engineering", "exp_product", "exp_conversational_ai"]
INCIDENTS = ["constraint_violations", "latency", "acceptance", "silence"]
STATES = ["greeting", "requirements", "proposal", "refinement", "confirmation"]
CONSTRAINTS = ["clearance", "overlap", "budget"]

# id, name, description, owner, status, unit_type, primary_metric, first and last day
EXPERIMENTS = [
    (1, "ranker_v2", "A ranker trained on feedback", "ml@example.com", "running", "user", "acceptance_rate", 0, None),
    (2, "prompt_style", "How the assistant asks", "cai@example.com", "running", "user", "completion_rate", 0, None),
    (3, "small_model", "A smaller, cheaper model", "eng@example.com", "completed", "user", "cost_per_suggestion", 0, 20),
    (4, "voice", "Speech instead of typing", "product@example.com", "draft", "user", "completion_rate", None, None),
]
# id, policy, version, status, parameters, created on day
POLICIES = [
    (1, "ranker", "1.0", "active", {"features": 24, "model": "gbm"}, -60),
    (2, "ranker", "2.0", "candidate", {"features": 61, "model": "gbm"}, -5),
    (3, "assistant", "1.0", "active", {"style": "open", "temperature": 0.4}, -40),
    (4, "assistant", "1.1", "candidate", {"style": "concise", "temperature": 0.2}, -6),
    (5, "assistant", "1.2", "candidate", {"style": "guided", "temperature": 0.2}, -4),
    (6, "generator", "1.0", "active", {"parameters": "70b"}, -90),
    (7, "generator", "1.1", "retired", {"parameters": "8b"}, -7),
]
# id, experiment, name, control, share, policy
VARIANTS = [
    (1, 1, "control", True, 0.5, 1),
    (2, 1, "treatment", False, 0.5, 2),
    (3, 2, "control", True, 0.4, 3),
    (4, 2, "concise", False, 0.3, 4),
    (5, 2, "guided", False, 0.3, 5),
    (6, 3, "control", True, 0.5, 6),
    (7, 3, "small", False, 0.5, 7),
    (8, 4, "typed", True, 0.5, 3),
    (9, 4, "spoken", False, 0.5, 3),
]
# policy, metric, value on the evaluation set
OFFLINE = [
    (1, "acceptance_rate", 0.585), (2, "acceptance_rate", 0.690), (1, "latency_ms", 330.0), (2, "latency_ms", 372.0),
    (3, "completion_rate", 0.560), (4, "completion_rate", 0.600), (5, "completion_rate", 0.655),
    (6, "acceptance_rate", 0.600), (7, "acceptance_rate", 0.575), (6, "latency_ms", 349.0), (7, "latency_ms", 240.0),
]


class Warehouse:
    def __init__(self, arguments):
        self.random = random.Random(arguments.seed)
        self.incidents = set(arguments.incident)
        self.end = arguments.end
        self.start = self.end - timedelta(days=arguments.days)
        self.days = arguments.days
        self.units = [f"user-{number:05}" for number in range(1, arguments.units + 1)]
        self.assignments = {}
        self.events = []
        self.suggestions = 0

    def day(self, number):
        return None if number is None else self.start + timedelta(days=number)

    def assign(self):
        for experiment in EXPERIMENTS[:3]:
            variants = [variant for variant in VARIANTS if variant[1] == experiment[0]]
            for unit in self.units:
                variant = self.random.choices(variants, [v[4] for v in variants])[0]
                at = self.start + timedelta(seconds=self.random.randrange(3600))
                self.assignments[experiment[0], unit] = (variant, at)

    def fill(self):
        self.assign()
        for day in range(self.days):
            for _ in range(len(self.units) // 8):
                self.suggestion_session(day)
            for _ in range(len(self.units) // 18):
                self.conversation(day)
        if "silence" in self.incidents:
            self.events = [event for event in self.events if event[1] < self.end - timedelta(hours=2)]
        self.events.sort(key=lambda event: event[1])

    def moment(self, day):
        # No session starts in the first hour, in which units are assigned, or so late that it outlasts the day.
        return self.start + timedelta(days=day, seconds=self.random.randrange(3600, 86400 - 900))

    def add(self, kind, at, unit, experiments, context, metrics, payload):
        tags = [{"experiment": e, "variant": self.assignments[e, unit][0][0]} for e in experiments]
        self.events.append((kind, at, unit, tags, context, metrics, payload))

    def suggestion_session(self, day):
        unit = self.random.choice(self.units)
        at = self.moment(day)
        small_is_over = day >= EXPERIMENTS[2][8]
        experiments = [1] if small_is_over else [1, 3]
        better = self.assignments[1, unit][0][2] == "treatment"
        small = not small_is_over and self.assignments[3, unit][0][2] == "small"
        late = day >= self.days - 3
        context = {
            "session_id": f"s-{day:03}-{len(self.events):06}",
            "policy_version_id": 2 if better else 1,
            "channel": self.random.choice(["web", "web", "mobile", "api"]),
        }
        for _ in range(self.random.choice([1, 1, 2, 3])):
            self.suggestions += 1
            payload = {"suggestion_id": self.suggestions}
            latency = self.random.lognormvariate(5.83, 0.42) * (1.12 if better else 1) * (0.68 if small else 1)
            if "latency" in self.incidents and late and better and self.random.random() < 0.08:
                latency += 3000
            tokens_in, tokens_out = self.random.randrange(300, 1500), self.random.randrange(50, 400)
            quality = min(max(self.random.gauss(0.66 if better else 0.6, 0.17), 0.02), 0.98)
            metrics = {
                "latency_ms": round(latency, 1), "tokens_in": tokens_in, "tokens_out": tokens_out,
                "cost_usd": round((tokens_in * 0.5 + tokens_out * 1.5) * (0.2 if small else 1) / 1e6, 6),
                "predicted_quality": round(quality, 3),
            }
            self.add("suggestion_served", at, unit, experiments, context, metrics, payload)
            self.violation(at, unit, experiments, context, payload, late and better)
            at += timedelta(seconds=self.random.randrange(5, 90))
            chance = quality - (0.03 if small else 0)
            if "acceptance" in self.incidents and late and better:
                chance *= 0.4
            accepted = self.random.random() < chance
            rating = min(max(round(self.random.gauss(3.6 if accepted else 2.3, 0.9)), 1), 5)
            kind = "suggestion_accepted" if accepted else "suggestion_rejected"
            self.add(kind, at, unit, experiments, context, {"rating": rating}, payload)
            at += timedelta(seconds=self.random.randrange(5, 60))

    def violation(self, at, unit, experiments, context, payload, incident):
        hard = "constraint_violations" in self.incidents and incident and self.random.random() < 0.05
        if hard or self.random.random() < 0.03:
            found = {"constraint": self.random.choice(CONSTRAINTS), "severity": "hard" if hard else "soft"}
            self.add("constraint_violation", at, unit, experiments, context, {}, payload | found)

    def conversation(self, day):
        unit = self.random.choice(self.units)
        variant = self.assignments[2, unit][0]
        began = at = self.moment(day)
        context = {"session_id": f"c-{day:03}-{len(self.events):06}", "policy_version_id": variant[5], "channel": "chat"}
        self.add("conversation_started", at, unit, [2], context, {}, {"state": "greeting"})
        leaves = {"control": 0.13, "concise": 0.115, "guided": 0.08}[variant[2]]
        turn, done = 0, True
        for state in STATES:
            for _ in range(self.random.choice([1, 1, 2]) if variant[2] != "guided" else self.random.choice([1, 2])):
                turn += 1
                tokens_in, tokens_out = self.random.randrange(150, 900), self.random.randrange(40, 260)
                metrics = {
                    "latency_ms": round(self.random.lognormvariate(6.1, 0.35), 1),
                    "tokens_in": tokens_in, "tokens_out": tokens_out,
                    "cost_usd": round((tokens_in * 0.5 + tokens_out * 1.5) / 1e6, 6),
                }
                self.add("conversation_turn", at, unit, [2], context, metrics, {"state": state, "turn": turn})
                at += timedelta(seconds=self.random.randrange(8, 70))
            if self.random.random() < leaves * (1.6 if state == "requirements" else 1):
                done = False
                break
        kind = "conversation_completed" if done else "conversation_abandoned"
        self.add(kind, at, unit, [2], context, {"duration_s": (at - began).seconds}, {"state": state, "turn": turn})

    def aggregates(self):
        """What a streaming job keeps: each metric by day, and by hour for the last two days."""
        found = {}
        for kind, at, _, tags, _, metrics, _ in self.events:
            values = {name: metrics[name] for name in ("latency_ms", "cost_usd") if name in metrics}
            if kind in ("suggestion_accepted", "suggestion_rejected"):
                values["accepted"] = int(kind == "suggestion_accepted")
            buckets = [("day", at.replace(hour=0, minute=0, second=0))]
            if at >= self.end - timedelta(days=2):
                buckets.append(("hour", at.replace(minute=0, second=0)))
            for tag in tags:
                for bucket, start in buckets:
                    for name, value in values.items():
                        key = (tag["experiment"], tag["variant"], bucket, start, name)
                        found.setdefault(key, []).append(value)
        for key, values in sorted(found.items()):
            spread = round(statistics.stdev(values), 9) if len(values) > 1 else None
            total = sum(values)
            yield *key, len(values), round(total, 9), round(total / len(values), 9), spread, min(values), max(values)

    def tables(self):
        yield "experiments", [(*row[:7], self.day(row[7]), self.day(row[8])) for row in EXPERIMENTS]
        yield "policy_versions", [(*row[:5], self.day(row[5])) for row in POLICIES]
        yield "variants", VARIANTS
        yield "assignments", [(e, unit, v[0], at) for (e, unit), (v, at) in self.assignments.items()]
        yield "events", [(number, *event) for number, event in enumerate(self.events, 1)]
        yield "metric_aggregates", self.aggregates()
        yield "offline_evaluations", [
            (number, policy, "held-out 2025", metric, value, 5000, self.day(-2))
            for number, (policy, metric, value) in enumerate(OFFLINE, 1)
        ]


def literal(value):
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return repr(value)
    if isinstance(value, (dict, list)):
        value = json.dumps(value)
    elif isinstance(value, datetime):
        value = value.isoformat()
    return "'" + value.replace("'", "''") + "'"


def write(warehouse, out):
    out.write("begin;\nset local client_min_messages = warning;\n")
    for group in GROUPS:
        out.write(
            f"do $$ begin create role {group} nologin;"
            " exception when duplicate_object or unique_violation then null; end $$;\n"
        )
    out.write("drop schema if exists exp cascade;\n")
    out.write((pathlib.Path(__file__).parent / "schema.sql").read_text())
    for table, rows in warehouse.tables():
        rows = ["(" + ", ".join(map(literal, row)) + ")" for row in rows]
        for start in range(0, len(rows), 500):
            out.write(f"insert into exp.{table} values\n" + ",\n".join(rows[start : start + 500]) + ";\n")
    out.write("commit;\nanalyze;\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=20260101, help="another seed makes another data set")
    parser.add_argument("--days", type=int, default=30, help="how many days of events; default 30")
    parser.add_argument("--units", type=int, default=1200, help="how many users; default 1200")
    parser.add_argument("--end", default="2026-02-01", help="where the data ends, at midnight UTC; default 2026-02-01")
    parser.add_argument("--incident", choices=INCIDENTS, action="append", default=[], help="something to be alerted of")
    arguments = parser.parse_args()
    arguments.end = datetime.fromisoformat(arguments.end).replace(tzinfo=timezone.utc)
    warehouse = Warehouse(arguments)
    warehouse.fill()
    write(warehouse, sys.stdout)


if __name__ == "__main__":
    main()
