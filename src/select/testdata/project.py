"""The files of the project that the selection tests are about, by path."""

PROFILES = """
shop:
  target: dev
  outputs:
    dev: {type: duckdb, path: shop.duckdb, threads: 1}
"""

PROJECT = """
name: shop
version: "1.0"
config-version: 2
profile: shop
flags: {send_anonymous_usage_stats: false}
on-run-start: ["select 1"]
models:
  shop:
    +materialized: view
    staging: {+tags: [staging]}
    marts: {+materialized: table}
"""

SCHEMA = """
version: 2
groups:
  - {name: finance, owner: {name: Ana}}
  - {name: sales, owner: {name: Bo}}
models:
  - name: stg_users
    config: {tags: [daily]}
    columns:
      - name: id
        data_tests: [unique, not_null]
  - name: stg_orders
    config: {tags: daily, meta: {owner: bo}}
    columns:
      - name: id
        data_tests:
          - unique: {config: {tags: [slow]}}
          - accepted_values: {arguments: {values: [1, 2]}, config: {severity: warn, meta: {check: loose}}}
      - name: user_id
        data_tests:
          - relationships: {arguments: {to: ref('stg_users'), field: id}}
  - name: orders
    access: public
    config: {group: sales}
    description: Orders
    columns:
      - name: id
        data_tests: [unique, not_null]
      - name: customer_id
        data_tests:
          - relationships: {arguments: {to: ref('customers'), field: id}}
  - name: customers
    config: {tags: [core_tag, nightly], meta: {owner: ana, tier: 1, labels: [gold, pii], deep: {er: yes}}}
    columns:
      - name: id
        data_tests: [not_null]
  - name: revenue
    config: {group: finance, contract: {enforced: false}}
  - name: dim_product
    latest_version: 2
    versions: [{v: 1}, {v: 2}, {v: 3}]
    columns:
      - name: id
        data_tests: [unique]
  - name: uses_product
    config: {docs: {show: false}}
"""

SOURCES = """
version: 2
sources:
  - name: raw
    config: {tags: [ingest], meta: {team: data}}
    tables:
      - name: users
        columns: [{name: id, data_tests: [not_null]}]
      - name: orders
        config: {tags: [daily]}
      - name: payments
  - name: web
    tables: [{name: clicks}]
"""

EXPOSURES = """
version: 2
exposures:
  - name: weekly
    type: dashboard
    owner: {name: Ana, email: a@b.c}
    config: {tags: [daily]}
    depends_on: ["ref('revenue')", "source('web', 'clicks')"]
  - name: board
    type: application
    owner: {name: Bo, email: b@b.c}
    depends_on: ["ref('customers')"]
"""

SNAPSHOTS = """
version: 2
snapshots:
  - name: orders_snapshot
    relation: ref('orders')
    config: {strategy: check, unique_key: id, check_cols: [id], tags: [nightly]}
"""

SELECTORS = """
selectors:
  - {name: cli, definition: "tag:nightly"}
  - {name: cli_plus, definition: "+orders+1"}
  - {name: cli_space, definition: "orders customers"}
  - name: kv
    definition: {tag: daily}
  - name: kv_config
    definition: {config.materialized: incremental}
  - name: kv_wild
    definition: {fqn: "*"}
  - name: full
    definition: {method: tag, value: nightly, children: true, parents: true, children_depth: 1, parents_depth: 1}
  - name: full_at
    definition: {method: fqn, value: stg_users, childrens_parents: true}
  - name: full_exclude
    definition:
      method: path
      value: models/marts
      exclude: [{method: fqn, value: orders}, "tag:finance"]
  - name: cautious
    definition: {method: fqn, value: orders, indirect_selection: cautious}
  - name: empty
    definition: {method: fqn, value: orders, indirect_selection: empty}
  - name: buildable
    definition: {method: fqn, value: orders, indirect_selection: buildable}
  - name: united
    definition:
      union:
        - "stg_users"
        - {method: tag, value: finance, children: true}
        - exclude: [{method: fqn, value: revenue}]
  - name: united_cautious
    definition:
      union:
        - {method: fqn, value: orders, indirect_selection: cautious}
        - {method: fqn, value: customers, indirect_selection: cautious}
  - name: met
    definition:
      intersection:
        - {method: path, value: models/marts}
        - {tag: nightly}
        - exclude: ["orders_snapshot"]
  - name: nested
    definition:
      union:
        - intersection:
            - {tag: daily}
            - union: [{method: fqn, value: stg_users}, {method: source, value: raw}]
        - {method: exposure, value: board}
  - name: inherits
    definition:
      union:
        - {method: selector, value: met}
        - {method: selector, value: kv}
  - name: inherits_root
    definition: {method: selector, value: united}
  - name: dropped
    definition:
      union:
        - "orders"
        - method: tag
          value: nightly
          exclude: ["assert_orders_positive"]
  - name: typed_value
    definition: {method: config.meta.tier, value: 1}
  - name: typed_bool
    definition: {method: config.docs.show, value: false}
  - name: depth_zero
    definition: {method: fqn, value: orders, parents: true, parents_depth: 0}
"""

FILES = {
    "shop/dbt_project.yml": PROJECT,
    "shop/profiles.yml": PROFILES,
    "shop/packages.yml": "packages:\n  - local: ../pkg\n",
    "shop/selectors.yml": SELECTORS,
    "shop/models/schema.yml": SCHEMA,
    "shop/models/staging/sources.yml": SOURCES,
    "shop/models/marts/exposures.yml": EXPOSURES,
    "shop/models/staging/stg_users.sql": "select * from {{ source('raw', 'users') }}",
    "shop/models/staging/stg_orders.sql": "select * from {{ source('raw', 'orders') }}",
    "shop/models/staging/stg_payments.sql": "select * from {{ source('raw', 'payments') }} -- {{ ref('countries') }}",
    "shop/models/marts/core/orders.sql": "select 1 as id from {{ ref('stg_orders') }}, {{ ref('stg_payments') }}",
    "shop/models/marts/core/customers.sql": "select 1 from {{ ref('stg_users') }}, {{ ref('orders') }}, {{ ref('pkg_model') }}",
    "shop/models/marts/finance/revenue.sql": "{{ config(materialized='incremental', tags=['finance', 'nightly'],"
    " unique_key=['id', 'day'], custom_key='mine') }} select 1 from {{ ref('orders') }}",
    "shop/models/marts/finance/revenue_by_day.sql": "{{ config(group='finance', access='private', tags='finance') }} select 1 from {{ ref('revenue') }}",
    "shop/models/dim_product_v1.sql": "select 1 as id from {{ ref('countries') }}",
    "shop/models/dim_product_v2.sql": "select 2 as id from {{ ref('countries') }}",
    "shop/models/dim_product_v3.sql": "select 3 as id from {{ ref('countries') }}",
    "shop/models/uses_product.sql": "{{ config(enabled=true) }} select 1 from {{ ref('dim_product') }}",
    "shop/models/blank.sql": "\n",
    "shop/seeds/countries.csv": "code\nfr\n",
    "shop/snapshots/snapshots.yml": SNAPSHOTS,
    "shop/tests/assert_orders_positive.sql": "select * from {{ ref('orders') }} where id < 0",
    "shop/tests/assert_both.sql": "select 1 from {{ ref('orders') }}, {{ ref('customers') }} where false",
    "shop/analyses/explore.sql": "select * from {{ ref('customers') }}",
    "pkg/dbt_project.yml": "name: pkg\nversion: '1.0'\nconfig-version: 2\n",
    "pkg/models/base/pkg_model.sql": "select 1 as id from {{ source('pkg_raw', 'things') }}",
    "pkg/models/staging/pkg_stg.sql": "select 1 as id from {{ ref('pkg_model') }}",
    "pkg/models/pkg.yml": "version: 2\nsources:\n  - {name: pkg_raw, tables: [{name: things}]}\n"
    "models:\n  - name: pkg_model\n    config: {tags: [daily]}\n    columns: [{name: id, data_tests: [unique]}]\n",
}

# What was different when the "previous state" was recorded.
BEFORE = {
    "shop/models/staging/stg_users.sql": "select 0 from {{ source('raw', 'users') }}",
    "shop/models/marts/finance/revenue_by_day.sql": "{{ config(group='finance', access='private', tags='finance', materialized='view') }}"
    " select 1 from {{ ref('revenue') }}",
    "shop/models/uses_product.sql": None,
    "shop/seeds/countries.csv": "code\nde\n",
    "shop/tests/assert_both.sql": None,
    "shop/models/schema.yml": SCHEMA.replace("severity: warn, ", "").replace("{group: sales}", "{group: sales, schema: other}"),
}
