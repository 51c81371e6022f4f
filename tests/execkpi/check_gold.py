#!/usr/bin/env python3
"""Compute the gold models of ExecKPI a second time, without SQL, and compare.

    check_gold.py SEEDS_DIR GOLD_DIR [MODEL ...]

SEEDS_DIR holds the raw tables (`users.csv`, `events.csv`, …), GOLD_DIR the exported models, one
`<model>.csv` each, with a header row, an empty cell for null, `true` and `false`, dates as
2024-01-01 and timestamps as 2024-01-01 10:00:00:

    karat show --select revenue_daily --limit -1 --output csv > GOLD_DIR/revenue_daily.csv

Rows are matched by key and compared in every column, floating-point numbers with a tolerance of
1e-6. Prints a line for each model; exit status 1 if anything differs. Python standard library only.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import math
import pathlib
import sys
from collections import Counter, defaultdict
from datetime import date, datetime, timedelta, timezone

TOLERANCE = 1e-6
SHOWN_DIFFERENCES = 5

# What project.yml sets.
RETENTION_WEEKS = 12
AB_EXPERIMENT = "execkpi"
LABEL_DAYS = 14

LOST = ("Cancelled", "Returned")
ENGLISH = {"Brasil": "Brazil", "España": "Spain", "Deutschland": "Germany"}


def parse_timestamp(text):
    text = text.strip().removesuffix("UTC").strip().replace("Z", "+00:00")
    if len(text) > 3 and text[-3] in "+-":  # an offset of hours alone
        text += ":00"
    moment = datetime.fromisoformat(text)
    return moment.astimezone(timezone.utc).replace(tzinfo=None) if moment.tzinfo else moment


def parse_date(text):
    moment = parse_timestamp(text)
    if moment.time() != datetime.min.time():
        raise ValueError(f"{text!r} is not a date")
    return moment.date()


def parse_integer(text):
    number = float(text)
    if not number.is_integer():
        raise ValueError(f"{text!r} is not an integer")
    return int(text) if text.lstrip("+-").isdigit() else int(number)


def parse_boolean(text):
    return {"true": True, "t": True, "1": True, "false": False, "f": False, "0": False}[text.strip().lower()]


PARSERS = {int: parse_integer, float: float, str: str, bool: parse_boolean, date: parse_date, datetime: parse_timestamp}


# --- the raw data ---------------------------------------------------------------------------------


def read_table(folder, name, **types):
    """The rows of a table as dictionaries of the columns asked for; null is None."""
    with open(folder / f"{name}.csv", encoding="utf-8", newline="") as file:
        return [
            {column: PARSERS[kind](row[column]) if row[column] != "" else None for column, kind in types.items()}
            for row in csv.DictReader(file)
        ]


class Raw:
    def __init__(self, folder):
        self.users = {
            user["id"]: user
            for user in read_table(folder, "users", id=int, age=int, gender=str, country=str, traffic_source=str,
                                   created_at=datetime)
        }
        self.orders = {
            order["order_id"]: order | {"items": []}
            for order in read_table(folder, "orders", order_id=int, user_id=int, created_at=datetime,
                                    returned_at=datetime)
        }
        for item in read_table(folder, "order_items", order_id=int, status=str, sale_price=str):
            cents = round(float(item["sale_price"]) * 100)
            self.orders[item["order_id"]]["items"].append((item["status"], cents))

        self.events_of = defaultdict(list)
        for event in read_table(folder, "events", user_id=int, sequence_number=int, event_type=str,
                                created_at=datetime):
            if event["user_id"] is not None:
                self.events_of[event["user_id"]].append(event)
        for events in self.events_of.values():
            events.sort(key=lambda event: event["created_at"])
        self.orders_of = defaultdict(list)
        for order in self.orders.values():
            self.orders_of[order["user_id"]].append(order)

    def last_event_date(self):
        return max(events[-1]["created_at"] for events in self.events_of.values()).date()


# --- the models -----------------------------------------------------------------------------------
# Each returns rows as {key: {column: value}}, keys being tuples in the order of MODELS.


def revenue_daily(raw):
    cents_of_day, orders_of_day = Counter(), Counter()
    for order in raw.orders.values():
        sold = [cents for status, cents in order["items"] if status not in LOST]
        if sold:
            day = order["created_at"].date()
            cents_of_day[day] += sum(sold)
            orders_of_day[day] += 1
    return {
        (day,): {
            "orders": orders,
            "revenue": cents_of_day[day] / 100,
            "aov": cents_of_day[day] / 100 / orders,
        }
        for day, orders in orders_of_day.items()
    }


def first_time(events, event_type=None):
    return next((event["created_at"] for event in events if event_type in (None, event["event_type"])), None)


def funnel_users(raw):
    rows = {}
    for user_id in raw.users:
        events = raw.events_of.get(user_id, [])
        visited, cart, purchase = first_time(events), first_time(events, "cart"), first_time(events, "purchase")
        rows[user_id,] = {
            "visited": visited is not None,
            "added_to_cart": cart is not None,
            "converted": purchase is not None,
            "first_visited_at": visited,
            "first_added_to_cart_at": cart,
            "first_converted_at": purchase,
        }
    return rows


def monday(day):
    return day - timedelta(days=day.weekday())


def retention_weekly(raw):
    weeks_of = {user: {monday(e["created_at"].date()) for e in events} for user, events in raw.events_of.items()}
    cohorts = defaultdict(list)
    for user, weeks in weeks_of.items():
        cohorts[min(weeks)].append(user)
    open_week = monday(raw.last_event_date())
    rows = {}
    for cohort_week, users in cohorts.items():
        for week_n in range(RETENTION_WEEKS + 1):
            week = cohort_week + timedelta(weeks=week_n)
            if week < open_week:
                active = sum(week in weeks_of[user] for user in users)
                rows[cohort_week, week_n] = {
                    "cohort_size": len(users),
                    "active_users": active,
                    "retention_rate": active / len(users),
                }
    return rows


def group_of(user_id):
    first_digit = hashlib.md5(f"{AB_EXPERIMENT}:{user_id}".encode()).hexdigest()[0]
    return "A" if int(first_digit, 16) < 8 else "B"


def ab_group(raw):
    return {(user_id,): {"group_name": group_of(user_id)} for user_id in raw.users}


def ab_metrics(raw):
    users, converters = Counter(), Counter()
    for user_id in raw.users:
        group = group_of(user_id)
        users[group] += 1
        converters[group] += any(e["event_type"] == "purchase" for e in raw.events_of.get(user_id, []))
    rows = {}
    for group in users:
        rate, base = converters[group] / users[group], converters["A"] / users["A"]
        lift = z = p = None
        if group != "A":
            pooled = (converters[group] + converters["A"]) / (users[group] + users["A"])
            error = math.sqrt(pooled * (1 - pooled) * (1 / users[group] + 1 / users["A"]))
            lift = (rate - base) / base if base else None
            z = (rate - base) / error if error else None
            p = math.erfc(abs(z) / math.sqrt(2)) if error else None
        rows[group,] = {
            "users": users[group], "converters": converters[group], "conversion_rate": rate,
            "lift": lift, "z_score": z, "p_value": p,
        }
    return rows


def features_conversion(raw):
    end = raw.last_event_date()
    snapshots = sorted(
        {event["created_at"].date().replace(day=1) for events in raw.events_of.values() for event in events}
    )
    return {
        (user["id"], snapshot): features(user, snapshot, raw)
        for snapshot in snapshots
        if snapshot + timedelta(days=LABEL_DAYS) <= end
        for user in raw.users.values()
        if user["created_at"].date() < snapshot
    }


def features(user, snapshot, raw):
    midnight = datetime(snapshot.year, snapshot.month, snapshot.day)
    events, orders = raw.events_of.get(user["id"], []), raw.orders_of.get(user["id"], [])
    before = [event for event in events if event["created_at"] < midnight]
    bought = [order for order in orders if order["created_at"] < midnight]

    def days_since(moment):
        return (snapshot - moment.date()).days

    row = {
        "age": user["age"],
        "gender": user["gender"],
        "country": ENGLISH.get(user["country"], user["country"]),
        "traffic_source": user["traffic_source"],
        "days_since_sign_up": days_since(user["created_at"]),
        "sessions_total": sum(event["sequence_number"] == 1 for event in before),
        "days_since_last_visit": days_since(before[-1]["created_at"]) if before else None,
        "orders_total": len(bought),
        "spend_total": sum(cents for order in bought for _, cents in order["items"]) / 100,
        "returns_total": sum(bool(order["returned_at"] and order["returned_at"] < midnight) for order in bought),
        "days_since_last_order": min((days_since(order["created_at"]) for order in bought), default=None),
        "will_convert_14d": any(
            event["event_type"] == "purchase"
            and midnight <= event["created_at"] < midnight + timedelta(days=LABEL_DAYS)
            for event in events
        ),
    }
    for window in (7, 30):
        recent = [event for event in before if event["created_at"] >= midnight - timedelta(days=window)]
        row[f"sessions_{window}d"] = sum(event["sequence_number"] == 1 for event in recent)
        row[f"product_views_{window}d"] = sum(event["event_type"] == "product" for event in recent)
        row[f"cart_additions_{window}d"] = sum(event["event_type"] == "cart" for event in recent)
    return row


# Model: its computation, the columns of its key, all other columns.
MODELS = {
    "revenue_daily": (revenue_daily, {"day": date}, {"orders": int, "revenue": float, "aov": float}),
    "funnel_users": (
        funnel_users,
        {"user_id": int},
        {
            "visited": bool, "added_to_cart": bool, "converted": bool, "first_visited_at": datetime,
            "first_added_to_cart_at": datetime, "first_converted_at": datetime,
        },
    ),
    "retention_weekly": (
        retention_weekly,
        {"cohort_week": date, "week_n": int},
        {"cohort_size": int, "active_users": int, "retention_rate": float},
    ),
    "ab_group": (ab_group, {"user_id": int}, {"group_name": str}),
    "ab_metrics": (
        ab_metrics,
        {"group_name": str},
        {
            "users": int, "converters": int, "conversion_rate": float, "lift": float, "z_score": float,
            "p_value": float,
        },
    ),
    "features_conversion": (
        features_conversion,
        {"user_id": int, "snapshot_date": date},
        {
            "age": int, "gender": str, "country": str, "traffic_source": str, "days_since_sign_up": int,
            "sessions_7d": int, "product_views_7d": int, "cart_additions_7d": int, "sessions_30d": int,
            "product_views_30d": int, "cart_additions_30d": int, "sessions_total": int,
            "days_since_last_visit": int, "orders_total": int, "spend_total": float, "returns_total": int,
            "days_since_last_order": int, "will_convert_14d": bool,
        },
    ),
}


# --- the comparison -------------------------------------------------------------------------------


def compare(expected, path, key_types, value_types):
    """(rows found, differences as lines of text)."""
    try:
        file = open(path, encoding="utf-8-sig", newline="")
    except OSError as error:
        return 0, [f"cannot read it: {error.strerror}"]
    with file:
        reader = csv.DictReader(file)
        types = key_types | value_types
        columns = reader.fieldnames or []
        if sorted(columns) != sorted(types):
            missing, unknown = sorted(set(types) - set(columns)), sorted(set(columns) - set(types))
            return 0, [f"columns: missing {missing}, unexpected {unknown}, found {columns}"]
        differences, seen, count = [], set(), 0
        for count, cells in enumerate(reader, start=1):
            try:
                row = {c: PARSERS[kind](cells[c]) if cells[c] != "" else None for c, kind in types.items()}
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                differences.append(f"row {count} cannot be read: {error!r}")
                continue
            key = tuple(row[column] for column in key_types)
            if key in seen:
                differences.append(f"{describe(key_types, key)}: more than one row")
            elif key not in expected:
                differences.append(f"{describe(key_types, key)}: row not expected")
            else:
                differences += [
                    f"{describe(key_types, key)}: {column} is {show(row[column])}, expected {show(value)}"
                    for column, value in expected[key].items()
                    if not same(row[column], value)
                ]
            seen.add(key)
    differences += [f"{describe(key_types, key)}: row missing" for key in expected if key not in seen]
    return count, differences


def same(actual, expected):
    if isinstance(expected, float) and isinstance(actual, float):
        return math.isclose(actual, expected, rel_tol=TOLERANCE, abs_tol=TOLERANCE)
    return actual == expected


def show(value):
    return "null" if value is None else str(value)


def describe(key_types, key):
    return ", ".join(f"{column} {show(value)}" for column, value in zip(key_types, key))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("seeds", type=pathlib.Path, metavar="SEEDS_DIR")
    parser.add_argument("gold", type=pathlib.Path, metavar="GOLD_DIR")
    parser.add_argument("models", nargs="*", metavar="MODEL", help="models to check (default: all six)")
    args = parser.parse_args()
    unknown = set(args.models) - set(MODELS)
    if unknown:
        parser.error(f"no such model: {', '.join(sorted(unknown))}; there are {', '.join(MODELS)}")

    raw = Raw(args.seeds)
    failed = False
    for name in args.models or MODELS:
        compute, key_types, value_types = MODELS[name]
        expected = compute(raw)
        count, differences = compare(expected, args.gold / f"{name}.csv", key_types, value_types)
        failed |= bool(differences)
        verdict = f"{len(differences)} differences" if differences else "ok"
        print(f"{name:20} {count:>6} rows, {len(expected):>6} expected, {len(key_types | value_types):>2} columns: {verdict}")
        for difference in differences[:SHOWN_DIFFERENCES]:
            print(f"    {difference}")
        if len(differences) > SHOWN_DIFFERENCES:
            print(f"    and {len(differences) - SHOWN_DIFFERENCES} more")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
