#!/usr/bin/env python3
"""Write a synthetic project of a chosen size: parcels, their legs, and what carriers are paid.

    gen_project.py DIR [--models 10000] [--seed 1]

Any dbt-compatible program can run it on DuckDB. The same arguments give the same files.

The models are 30 % staging (views, one source each), 40 % intermediate (one to three parents, a macro call and a Jinja
loop) and 30 % marts (CTEs, a window, an aggregate; every third is incremental). A YAML file for every ten models
describes five columns of each and declares 2.8 data tests for each on average. Models stand in LEVELS levels and
refer to lower ones only, so the graph is at most that deep.

`setup.sql` makes the raw tables that the sources name; so does `run-operation load_raw`.
"""

from __future__ import annotations

import argparse
import pathlib
import random

RAW_TABLES = 40
RAW_ROWS = 150
LEVELS = 21  # 0 staging, 1 to 10 intermediate, 11 to 20 marts
PER_FILE = 10  # models described by one YAML file
PER_FOLDER = 100
STATES = ("booked", "moving", "delivered", "refused")

COLUMNS = {
    "parcel_id": "The parcel. Key.",
    "carrier_id": "Who carries it.",
    "fee": "What the carrier is paid, in euros.",
    "state": "Where the parcel is on its way.",
    "scanned_at": "When it was last seen.",
}
SELECT_LIST = ", ".join(COLUMNS)

PROJECT = """\
name: parcels
version: 1.0.0
config-version: 2
profile: parcels
vars:
  void_state: lost
  least_fee: 0
models:
  parcels:
    staging: {+materialized: view, +schema: staging}
    intermediate: {+materialized: table, +tags: [inner]}
    marts: {+materialized: table, +schema: marts, +tags: [gold]}
"""

PROFILES = """\
parcels:
  target: dev
  outputs:
    dev: {type: duckdb, path: parcels.duckdb, schema: main, threads: 4}
"""

MACROS = """\
{% macro in_euros(cents) -%}
    round(cast({{ cents }} as double) / 100, 2)
{%- endmacro %}

{% macro sum_fees(aliases) -%}
    {%- for alias in aliases %}coalesce({{ alias }}.fee, 0){{ ' + ' if not loop.last }}{% endfor -%}
{%- endmacro %}

{% macro count_states(states) -%}
    {%- for state in states %}
        count(*) filter (where state = '{{ state }}') as {{ state }}_count{{ ',' if not loop.last }}
    {%- endfor %}
{%- endmacro %}
"""

LOAD_RAW = """\
{{% macro load_raw() %}}
{{% call statement('load_raw', auto_begin=false) %}}
{setup}{{% endcall %}}
{{% endmacro %}}
"""

STAGING = """\
with raw_parcels as (
    select * from {{{{ source('raw', '{table}') }}}}
)

select
    parcel_id,
    carrier_id,
    {{{{ in_euros('fee_cents') }}}} as fee,
    state,
    scanned_at
from raw_parcels
where state <> '{{{{ var("void_state") }}}}'
"""

INTERMEDIATE = """\
{{% set legs = {legs} %}}
with first_leg as (
    select * from {{{{ ref('{first}') }}}}
)
{{%- for leg in legs[1:] %}},

leg_{{{{ loop.index }}}} as (
    select parcel_id, fee from {{{{ ref(leg) }}}}
)
{{%- endfor %}}

select
    first_leg.parcel_id,
    first_leg.carrier_id,
    {{{{ sum_fees({aliases}) }}}} as fee,
    first_leg.state,
    first_leg.scanned_at
from first_leg
{{%- for leg in legs[1:] %}}
left join leg_{{{{ loop.index }}}} on leg_{{{{ loop.index }}}}.parcel_id = first_leg.parcel_id
{{%- endfor %}}
where first_leg.fee >= {{{{ var('least_fee') }}}}
"""

MART = """\
{config}with parcels as (
{union}
),

latest as (
    select
        *,
        row_number() over (partition by parcel_id order by scanned_at desc, fee desc) as recency
    from parcels
),

carriers as (
    select
        carrier_id,
        avg(fee) as carrier_average_fee,
        {{{{- count_states({states}) }}}}
    from parcels
    group by carrier_id
)

select
    latest.parcel_id,
    latest.carrier_id,
    latest.fee,
    latest.state,
    latest.scanned_at,
    carriers.carrier_average_fee,
    carriers.delivered_count
from latest
inner join carriers on carriers.carrier_id = latest.carrier_id
where latest.recency = 1
{increment}"""

INCREMENTAL_CONFIG = "{{ config(materialized='incremental', unique_key='parcel_id') }}\n\n"
INCREMENT = """\
{% if is_incremental() %}
  and latest.scanned_at > (select max(scanned_at) from {{ this }})
{% endif %}
"""


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def raw_table(index):
    return f"scans_{index:02d}"


def setup_sql():
    states = "['" + "', '".join((*STATES, "lost")) + "']"
    tables = [
        f"create or replace table raw.{raw_table(index)} as\n"
        "select\n"
        "    i as parcel_id,\n"
        f"    (i * {index + 7}) % 23 as carrier_id,\n"
        f"    (i * {index + 31}) % 5000 as fee_cents,\n"
        f"    {states}[(i + {index}) % {len(STATES) + 1} + 1] as state,\n"
        f"    timestamp '2025-01-01' + (i + {index}) * interval 1 hour as scanned_at\n"
        f"from range(1, {RAW_ROWS + 1}) as numbers(i);\n"
        for index in range(RAW_TABLES)
    ]
    return "create schema if not exists raw;\n\n" + "\n".join(tables)


def sources_yaml():
    lines = ["version: 2", "sources:", "  - name: raw", "    tables:"]
    for index in range(RAW_TABLES):
        lines += [f"      - name: {raw_table(index)}", f"        description: Scans of depot {index}.", "        columns:"]
        for column in ("parcel_id", "carrier_id", "fee_cents", "state", "scanned_at"):
            lines += [f"          - name: {column}"]
    return "\n".join(lines) + "\n"


class Model:
    def __init__(self, number, layer, level, prefix):
        self.number, self.layer, self.level = number, layer, level
        self.name = f"{prefix}_parcels_{number:05d}"

    @property
    def folder(self):
        return pathlib.Path("models") / self.layer / f"batch_{self.number // PER_FOLDER:03d}"


def plan(count):
    """The models, each in its layer and level."""
    staging, inner = max(count * 3 // 10, 1), count * 4 // 10
    models = []
    for number in range(count):
        if number < staging:
            models.append(Model(number, "staging", 0, "stg"))
        elif number < staging + inner:
            models.append(Model(number, "intermediate", 1 + (number - staging) * 10 // inner, "int"))
        else:
            marts = count - staging - inner
            models.append(Model(number, "marts", 11 + (number - staging - inner) * 10 // marts, "fct"))
    return models


def pool(model, models):
    """What a model may refer to: the lower levels of its own layer and the layer below."""
    layers = {"staging": (), "intermediate": ("staging", "intermediate"), "marts": ("intermediate", "marts")}[model.layer]
    return [m.name for m in models if m.level < model.level and m.layer in layers] or [models[0].name]


def sql(random_source, model, candidates):
    def parents(most):
        return random_source.sample(candidates, min(random_source.randint(1, most), len(candidates)))

    if model.layer == "staging":
        return STAGING.format(table=raw_table(random_source.randrange(RAW_TABLES)))
    if model.layer == "intermediate":
        legs = parents(3)
        aliases = ["first_leg", *(f"leg_{i}" for i in range(1, len(legs)))]
        return INTERMEDIATE.format(legs=legs, first=legs[0], aliases=aliases)
    union = "\n    union all\n".join(f"    select {SELECT_LIST} from {{{{ ref('{name}') }}}}" for name in parents(2))
    incremental = model.number % 3 == 0
    return MART.format(union=union, states=list(STATES), config=INCREMENTAL_CONFIG if incremental else "",
                       increment=INCREMENT if incremental else "")


def properties(model):
    """A model's entry in its YAML file: five columns, 2.8 data tests on average."""
    tests = {"parcel_id": ["unique", "not_null"]}
    if model.number % 2 == 0:
        tests["state"] = [f"accepted_values: {{arguments: {{values: [{', '.join(STATES)}]}}}}"]
    if model.number % 10 in (1, 4, 7):
        tests["carrier_id"] = ["not_null"]
    lines = [f"  - name: {model.name}", f"    description: Parcels as of the {model.layer} layer, one row each.", "    columns:"]
    for column, description in COLUMNS.items():
        lines += [f"      - name: {column}", f"        description: {description}"]
        if column in tests:
            lines += ["        data_tests:", *(f"          - {test}" for test in tests[column])]
    return lines


def generate(folder, count, seed=1):
    """Writes the project; returns the number of its data tests."""
    random_source = random.Random(seed)
    setup = setup_sql()
    write(folder / "dbt_project.yml", PROJECT)
    write(folder / "profiles.yml", PROFILES)
    write(folder / "macros" / "parcels.sql", MACROS)
    write(folder / "macros" / "load_raw.sql", LOAD_RAW.format(setup=setup))
    write(folder / "setup.sql", setup)
    write(folder / "models" / "sources.yml", sources_yaml())
    models = plan(count)
    pools = {}
    tests = 0
    for start in range(0, count, PER_FILE):
        batch = models[start : start + PER_FILE]
        lines = ["version: 2", "models:"]
        for model in batch:
            if model.level not in pools:
                pools[model.level] = pool(model, models)
            write(folder / model.folder / f"{model.name}.sql", sql(random_source, model, pools[model.level]))
            entry = properties(model)
            tests += sum(line.startswith("          - ") for line in entry)
            lines += entry
        write(folder / batch[0].folder / f"models_{start:05d}.yml", "\n".join(lines) + "\n")
    return tests


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--models", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    tests = generate(options.folder, options.models, options.seed)
    print(f"{options.models} models with {tests} data tests in {options.folder}")


if __name__ == "__main__":
    main()
