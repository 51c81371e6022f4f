#!/usr/bin/env python3
"""Generate a synthetic TheLook e-commerce data set.

Writes seven tables with the schema of the public BigQuery data set
`bigquery-public-data.thelook_ecommerce`. At the default scale of 0.01 they have about one
hundredth of its rows and are the seeds of the ExecKPI project:

    python3 examples/thelook/generate.py --out seeds/thelook

Scale 1 is the size of the original (100,000 users). Parquet output needs pyarrow:

    python3 examples/thelook/generate.py --scale 1 --format parquet --out /data/thelook

The same arguments give the same bytes: nothing depends on the clock, and every random draw comes
from `random.Random(key).random()`, the one generator whose sequence Python keeps from version to
version. Rows are streamed, so memory does not grow with the scale.
"""

from __future__ import annotations

import argparse
import contextlib
import csv
import hashlib
import itertools
import pathlib
import random
import re
import sys
from collections import defaultdict
from datetime import date, datetime, timedelta
from typing import NamedTuple

import words

START = datetime(2019, 1, 1)
MINUTE, HOUR, DAY = 60, 3600, 86400

INTEGER, FLOAT, STRING, TIMESTAMP = "int64", "float64", "string", "timestamp"

SCHEMA = {
    "distribution_centers": {
        "id": INTEGER, "name": STRING, "latitude": FLOAT, "longitude": FLOAT,
    },
    "products": {
        "id": INTEGER, "cost": FLOAT, "category": STRING, "name": STRING, "brand": STRING,
        "retail_price": FLOAT, "department": STRING, "sku": STRING,
        "distribution_center_id": INTEGER,
    },
    "users": {
        "id": INTEGER, "first_name": STRING, "last_name": STRING, "email": STRING, "age": INTEGER,
        "gender": STRING, "state": STRING, "street_address": STRING, "postal_code": STRING,
        "city": STRING, "country": STRING, "latitude": FLOAT, "longitude": FLOAT,
        "traffic_source": STRING, "created_at": TIMESTAMP,
    },
    "orders": {
        "order_id": INTEGER, "user_id": INTEGER, "status": STRING, "gender": STRING,
        "created_at": TIMESTAMP, "returned_at": TIMESTAMP, "shipped_at": TIMESTAMP,
        "delivered_at": TIMESTAMP, "num_of_item": INTEGER,
    },
    "order_items": {
        "id": INTEGER, "order_id": INTEGER, "user_id": INTEGER, "product_id": INTEGER,
        "inventory_item_id": INTEGER, "status": STRING, "created_at": TIMESTAMP,
        "shipped_at": TIMESTAMP, "delivered_at": TIMESTAMP, "returned_at": TIMESTAMP,
        "sale_price": FLOAT,
    },
    "inventory_items": {
        "id": INTEGER, "product_id": INTEGER, "created_at": TIMESTAMP, "sold_at": TIMESTAMP,
        "cost": FLOAT, "product_category": STRING, "product_name": STRING,
        "product_brand": STRING, "product_retail_price": FLOAT, "product_department": STRING,
        "product_sku": STRING, "product_distribution_center_id": INTEGER,
    },
    "events": {
        "id": INTEGER, "user_id": INTEGER, "sequence_number": INTEGER, "session_id": STRING,
        "created_at": TIMESTAMP, "ip_address": STRING, "city": STRING, "state": STRING,
        "postal_code": STRING, "browser": STRING, "traffic_source": STRING, "uri": STRING,
        "event_type": STRING,
    },
}


class Dice:
    """Random draws for one entity. The key names it, so entities do not disturb each other."""

    def __init__(self, *key):
        self.random = random.Random("/".join(map(str, key))).random

    def chance(self, probability):
        return self.random() < probability

    def between(self, low, high):
        """An integer from low to high, both included."""
        return low + int(self.random() * (high - low + 1))

    def pick(self, items):
        return items[int(self.random() * len(items))]

    def weighted(self, table):
        """A key of `table`, whose values are the weights."""
        left = self.random() * sum(table.values())
        for item, weight in table.items():
            left -= weight
            if left < 0:
                return item
        return item

    def low(self, span):
        """A number from 0 to span, mostly small. Products only: the same on every platform."""
        draw = self.random()
        return span * draw * draw * draw

    def seconds(self, low, high):
        return timedelta(seconds=self.between(low, high))


def digest(*key):
    return hashlib.sha256("/".join(map(str, key)).encode()).hexdigest()[:32]


def uuid(*key):
    h = digest(*key)
    return f"{h[:8]}-{h[8:12]}-{h[12:16]}-{h[16:20]}-{h[20:]}"


def slug(text):
    return re.sub(r"[^a-z0-9]", "", (text or "").lower())


class Place(NamedTuple):
    country: str
    state: str
    city: str
    postal_code: str
    latitude: float
    longitude: float


class Product(NamedTuple):
    id: int
    cost: float
    category: str
    name: str | None
    brand: str | None
    retail_price: float
    department: str
    sku: str
    distribution_center_id: int


class User(NamedTuple):
    id: int
    gender: str
    place: Place
    created_at: datetime


def make_place(dice):
    country = dice.weighted(words.COUNTRIES)
    state, city, postal_prefix, latitude, longitude = dice.pick(words.CITIES[words.ATLAS[country]])
    return Place(
        country, state, city, f"{postal_prefix}{dice.between(0, 99):02d}",
        round(latitude + dice.random() * 0.4 - 0.2, 6),
        round(longitude + dice.random() * 0.4 - 0.2, 6),
    )


class Generator:
    def __init__(self, seed, scale, end, tables):
        self.seed = seed
        self.end = end
        self.user_count = max(1, round(100_000 * scale))
        # Each of the categories of a department has at least two products, whatever the scale.
        self.product_count = max(4 * len(words.CATEGORIES), round(29_120 * scale))
        self.brand_count = min(len(words.BRANDS), max(60, round(2_756 * scale)))
        self.tables = tables
        self.ids = defaultdict(lambda: itertools.count(1))
        self.products = {"Men": [], "Women": []}

    def run(self):
        for row in words.DISTRIBUTION_CENTERS:
            self.write("distribution_centers", row)
        for product_id in range(1, self.product_count + 1):
            product = self.make_product(product_id)
            self.products[product.department].append(product)
            self.write("products", product)
        for user_id in range(1, self.user_count + 1):
            self.simulate_user(user_id)

    def write(self, table, row):
        self.tables[table].write(row)

    def next_id(self, table):
        return next(self.ids[table])

    def make_product(self, product_id):
        dice = Dice(self.seed, "product", product_id)
        department = "Women" if dice.chance(0.55) else "Men"
        category = dice.pick([c for c in words.CATEGORIES if department in words.CATEGORIES[c].departments])
        kind = words.CATEGORIES[category]
        price = kind.lowest + dice.random() * dice.low(1.4 * (kind.highest - kind.lowest))
        price = round(min(price, kind.highest), 2)
        brand = words.BRANDS[int(dice.low(self.brand_count))]
        name = f"{brand} {department}'s {dice.pick(words.STYLES)} {dice.pick(kind.nouns)}"
        # A few products of the original lack their brand or their name.
        if product_id % 150 == 0:
            brand = None
        elif product_id % 150 == 75:
            name = None
        return Product(
            product_id, round(price * (0.35 + 0.3 * dice.random()), 2), category, name, brand, price,
            department, digest(self.seed, "sku", product_id).upper(), dice.between(1, len(words.DISTRIBUTION_CENTERS)),
        )

    def simulate_user(self, user_id):
        dice = Dice(self.seed, "user", user_id)
        user = self.make_user(dice, user_id)
        order_count = dice.weighted({0: 0.20, 1: 0.50, 2: 0.20, 3: 0.05, 4: 0.05})
        for _ in range(order_count):
            self.simulate_order(dice, user)
        if dice.chance(0.5 if order_count else 0.65):
            self.simulate_visits_after_sign_up(dice, user)
        for _ in range(dice.between(3, 7)):
            self.simulate_ghost(dice)

    def make_user(self, dice, user_id):
        gender = dice.pick("MF")
        first_name = dice.pick(words.FIRST_NAMES[gender])
        last_name = dice.pick(words.LAST_NAMES)
        email = f"{first_name}.{last_name}{user_id}@example.{dice.pick(('com', 'net', 'org'))}".lower()
        place = make_place(dice)
        street = f"{dice.between(1, 9999)} {dice.pick(words.STREETS)} {dice.pick(words.STREET_KINDS)}"
        traffic_source = dice.weighted(words.USER_TRAFFIC_SOURCES)
        created_at = self.moment(dice, START, self.end - timedelta(hours=6))
        self.write("users", (
            user_id, first_name, last_name, email, dice.between(12, 70), gender, place.state, street,
            place.postal_code, place.city, place.country, place.latitude, place.longitude,
            traffic_source, created_at,
        ))
        return User(user_id, gender, place, created_at)

    def moment(self, dice, first, last):
        return first + timedelta(seconds=int(dice.random() * (last - first).total_seconds()))

    def simulate_order(self, dice, user):
        # Orders reach a little past the end: the original has dates in its future as well.
        created_at = self.moment(dice, user.created_at + timedelta(hours=2), self.end + timedelta(days=2))
        status = dice.weighted({
            "Shipped": 0.30, "Complete": 0.25, "Processing": 0.20, "Cancelled": 0.15, "Returned": 0.10,
        })
        shipped_at = delivered_at = returned_at = None
        if status in ("Shipped", "Complete", "Returned"):
            shipped_at = created_at + dice.seconds(0, 3 * DAY)
        if status in ("Complete", "Returned"):
            delivered_at = shipped_at + dice.seconds(0, 5 * DAY)
        if status == "Returned":
            returned_at = delivered_at + dice.seconds(0, 3 * DAY)

        order_id = self.next_id("orders")
        item_count = dice.weighted({1: 0.70, 2: 0.20, 3: 0.05, 4: 0.05})
        shelf = self.products["Men" if user.gender == "M" else "Women"]
        basket = [dice.pick(shelf) for _ in range(item_count)]
        self.write("orders", (
            order_id, user.id, status, user.gender, created_at, returned_at, shipped_at, delivered_at, item_count,
        ))
        for product in basket:
            # As in the original, an item may be stamped up to four hours before its order.
            item_created_at = created_at - dice.seconds(0, 4 * HOUR)
            self.write("order_items", (
                self.next_id("order_items"), order_id, user.id, product.id,
                self.stock_item(dice, product, item_created_at), status,
                item_created_at, shipped_at, delivered_at, returned_at, product.retail_price,
            ))

        if dice.chance(0.4):
            for _ in range(dice.between(1, 2)):
                started_at = created_at - dice.seconds(DAY // 2, 10 * DAY)
                if started_at > user.created_at:
                    self.browse(dice, user, started_at, words.RESEARCH_PATHS, product=basket[0])
        self.simulate_purchase(dice, user, basket, created_at)

    def stock_item(self, dice, product, sold_at):
        """Write the sold inventory item and its unsold siblings; return the id of the sold one."""
        sold_id = self.write_inventory(product, sold_at - dice.seconds(0, 60 * DAY), sold_at)
        for _ in range(dice.weighted({1: 0.5, 2: 0.3, 3: 0.2})):
            self.write_inventory(product, sold_at - dice.seconds(0, 60 * DAY), None)
        return sold_id

    def write_inventory(self, product, created_at, sold_at):
        item_id = self.next_id("inventory_items")
        self.write("inventory_items", (
            item_id, product.id, created_at, sold_at, product.cost, product.category, product.name,
            product.brand, product.retail_price, product.department, product.sku,
            product.distribution_center_id,
        ))
        return item_id

    def simulate_purchase(self, dice, user, basket, ordered_at):
        """The session that ends in an order: its purchase event has the time of the order."""
        steps = [("home", None)]
        for product in basket:
            steps += [("department", product), ("product", product), ("cart", product)]
        steps.append(("purchase", None))
        pauses = [dice.between(20, 5 * MINUTE) for _ in steps[1:]]
        self.write_session(dice, user.id, user.place, ordered_at - timedelta(seconds=sum(pauses)), steps, pauses)

    def simulate_visits_after_sign_up(self, dice, user):
        """Visits that buy nothing: one at sign-up, and with luck some more, further and further apart."""
        started_at = user.created_at + dice.seconds(10, 10 * MINUTE)
        for _ in range(dice.weighted({1: 0.45, 2: 0.25, 3: 0.15, 4: 0.10, 5: 0.05})):
            self.browse(dice, user, started_at, words.VISIT_PATHS)
            started_at += timedelta(seconds=6 * HOUR + int(dice.low(75 * DAY)))
            if started_at > self.end:
                break

    def simulate_ghost(self, dice):
        """A session of nobody we know."""
        started_at = self.moment(dice, START, self.end)
        self.browse(dice, None, started_at, words.GHOST_PATHS)

    def browse(self, dice, user, started_at, paths, product=None):
        path = dice.weighted(paths)
        product = product or dice.pick(self.products[dice.pick(("Men", "Women"))])
        pauses = [dice.between(20, 5 * MINUTE) for _ in path[1:]]
        place = user.place if user else make_place(dice)
        self.write_session(
            dice, user.id if user else None, place, started_at, [(event, product) for event in path], pauses,
        )

    def write_session(self, dice, user_id, place, started_at, steps, pauses):
        session_id = uuid(self.seed, "session", self.next_id("sessions"))
        ip_address = f"{dice.pick(words.DOCUMENTATION_NETWORKS)}.{dice.between(1, 254)}"
        browser = dice.weighted(words.BROWSERS)
        traffic_source = dice.weighted(words.EVENT_TRAFFIC_SOURCES)
        created_at = started_at
        for number, (event_type, product) in enumerate(steps, start=1):
            if number > 1:
                created_at += timedelta(seconds=pauses[number - 2])
            self.write("events", (
                self.next_id("events"), user_id, number, session_id, created_at, ip_address, place.city,
                place.state, place.postal_code, browser, traffic_source, uri(event_type, product), event_type,
            ))


def uri(event_type, product):
    if event_type == "product":
        return f"/product/{product.id}"
    if event_type == "department":
        return f"/department/{slug(product.department)}/category/{slug(product.category)}/brand/{slug(product.brand)}"
    return f"/{event_type}"


class CsvTable:
    def __init__(self, folder, name):
        self.file = open(folder / f"{name}.csv", "w", encoding="utf-8", newline="")
        self.writer = csv.writer(self.file, lineterminator="\n")
        self.writer.writerow(SCHEMA[name])
        self.count = 0

    def write(self, row):
        self.writer.writerow(row)
        self.count += 1

    def close(self):
        self.file.close()


class ParquetTable:
    ROWS_IN_A_GROUP = 100_000

    def __init__(self, folder, name):
        import pyarrow
        import pyarrow.parquet

        types = {
            INTEGER: pyarrow.int64(), FLOAT: pyarrow.float64(),
            STRING: pyarrow.string(), TIMESTAMP: pyarrow.timestamp("us"),
        }
        self.pyarrow = pyarrow
        self.schema = pyarrow.schema([(column, types[kind]) for column, kind in SCHEMA[name].items()])
        self.writer = pyarrow.parquet.ParquetWriter(folder / f"{name}.parquet", self.schema, compression="zstd")
        self.rows = []
        self.count = 0

    def write(self, row):
        self.rows.append(row)
        self.count += 1
        if len(self.rows) == self.ROWS_IN_A_GROUP:
            self.flush()

    def flush(self):
        if self.rows:
            columns = [
                self.pyarrow.array(values, type=field.type)
                for values, field in zip(zip(*self.rows), self.schema)
            ]
            self.writer.write_table(self.pyarrow.table(columns, schema=self.schema))
            self.rows.clear()

    def close(self):
        self.flush()
        self.writer.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=pathlib.Path, required=True, help="folder to write the tables to")
    parser.add_argument("--scale", type=float, default=0.01, help="1 is the size of the original (default: 0.01)")
    parser.add_argument("--seed", type=int, default=20190101, help="another seed makes another data set")
    parser.add_argument("--end", type=date.fromisoformat, default=date(2026, 1, 1),
                        help="day on which the data ends (default: 2026-01-01)")
    parser.add_argument("--format", choices=("csv", "parquet"), default="csv")
    args = parser.parse_args()
    end = datetime(args.end.year, args.end.month, args.end.day)
    if args.scale <= 0:
        parser.error("--scale must be more than 0")
    if end <= START + timedelta(days=1):
        parser.error(f"--end must be later than {START.date() + timedelta(days=1)}")

    args.out.mkdir(parents=True, exist_ok=True)
    make_table = CsvTable if args.format == "csv" else ParquetTable
    try:
        tables = {name: make_table(args.out, name) for name in SCHEMA}
    except ImportError:
        parser.error("--format parquet needs pyarrow (pip install pyarrow)")
    with contextlib.ExitStack() as stack:
        for table in tables.values():
            stack.callback(table.close)
        Generator(args.seed, args.scale, end, tables).run()
    for name, table in tables.items():
        print(f"{name:22}{table.count:>12,}", file=sys.stderr)


if __name__ == "__main__":
    main()
