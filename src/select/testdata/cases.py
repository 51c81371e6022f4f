"""The selections that are asked of dbt, as `select | exclude | options`."""

CASES = """
*
stg_users
shop.staging.stg_users
staging
shop.staging
pkg
pkg.*
shop.*
marts.core
marts.core.orders
core
core.orders
stg_*
*.orders
staging.*
marts.*.orders
*order*
?rders
[so]*
shop.marts.*
shop.s*.stg_users
revenue*
orders customers
stg_users,tag:daily
tag:daily,path:models/staging
staging,+customers orders_snapshot
+customers
customers+
+customers+
1+customers
orders+1
2+orders+1
0+orders
orders+0
@stg_payments
@revenue
@stg_users,tag:nightly
+tag:finance
1+exposure:weekly
tag:daily
tag:night*
tag:slow
tag:core_tag tag:finance
tag:nothing
path:models/staging
path:models/staging/
path:models/marts/core/orders.sql
path:models/marts/*/orders.sql
path:models/**/*.sql
path:models/marts/*
path:models/schema.yml
path:./models/staging
path:models
path:models/base
path:models/base/pkg_model.sql
path:tests
path:seeds
path:**/core
path:snapshots/snapshots.yml
models/staging
models/staging/stg_users.sql
models/staging/*.sql+
+models/marts/finance
file:orders.sql
file:orders
file:*.sql
file:stg_*
file:schema.yml
stg_users.sql
STG_USERS.SQL
countries.csv
schema.yml
source:raw
source:raw.users
source:pkg.pkg_raw.things
source:shop.raw.orders
source:*
source:raw+
source:raw.users+1
source:raw.*s
source:w*
source:*.*.clicks
exposure:weekly
exposure:shop.weekly
exposure:*
+exposure:*
exposure:pkg.*
package:pkg
package:shop
package:this
package:p*
package:this,resource_type:model
resource_type:model
resource_type:source
resource_type:exposure
resource_type:analysis | | types=all
resource_type:operation
resource_type:seed resource_type:snapshot
resource_type:metric
test_name:unique
test_name:not_*
test_name:relationships
test_type:generic
test_type:singular
test_type:data
test_type:unit
test_type:schema
orders,test_type:generic
config.materialized:table
config.materialized:view
config.materialized:seed
config.materialized:test
config.severity:WARN
config.severity:error
config.tags:daily
config.tags:finance
config.enabled:true
config.meta.owner:ana
config.meta.tier:1
config.meta.labels:pii
config.meta.deep.er:true
config.meta.check:loose
config.meta.team:data
config.unique_key:id
config.unique_key:day
config.custom_key:mine
config.docs.show:false
config.docs.show:true
config.contract.enforced:false
config.on_schema_change:ignore
config.group:finance
config.access:private
config.alias:x
config.nothing:x
config.strategy:check
config.check_cols:id
config.delimiter:,
group:finance
group:*
group:s*
access:public
access:private
access:protected
version:latest
version:old
version:prerelease
version:none
dim_product
dim_product.v1
dim_product_v1
dim_product.v*
dim_product_v*
dim_*
shop.dim_product.v2
dim_product.v2+
metric:*
semantic_model:x
saved_query:x
unit_test:*
state:new
state:old
state:modified
state:unmodified
state:modified.body
state:modified.configs
state:modified.relation
state:modified+
blank
unknown
unknown orders
orders,unknown
+unknown+
shop.hooks.*
assert_both
assert_*
unique_orders_id
relationships_*
*unique*
| orders
| staging
| tag:daily tag:nightly
| test_type:generic
| resource_type:test
| source:*
| path:models/marts+
marts | orders
marts | +orders
customers | unknown
+customers | stg_users+
orders | test_name:unique
| | types=model
| | types=test
| | types=all
| | types=default
| | types=model,test
| | types=model,seed,snapshot,test
| | types=source
| | types=exposure
| | not=test
| | not=test,source
| | types=model,seed not=seed
orders | | types=test
+orders | | types=model
tag:daily | | types=source
orders | | indirect=cautious
orders | | indirect=buildable
orders | | indirect=empty
customers | | indirect=cautious
customers | | indirect=buildable
customers | | indirect=empty
orders customers | | indirect=cautious
orders customers | | indirect=buildable
orders customers | | indirect=empty
orders customers | | indirect=eager
orders,marts | | indirect=cautious
orders+,customers | | indirect=cautious
orders+,customers | | indirect=buildable
+orders | | indirect=cautious
+orders | | indirect=buildable
stg_orders | | indirect=cautious
stg_orders | | indirect=buildable
stg_orders stg_users | | indirect=cautious
stg_orders source:raw.users | | indirect=buildable
source:raw | | indirect=cautious
source:raw.users | | indirect=buildable
tag:daily | | indirect=cautious
tag:daily | | indirect=buildable
tag:daily | customers | indirect=cautious
marts | customers | indirect=cautious
marts | customers | indirect=buildable
marts | customers
marts | customers | indirect=empty
marts | orders | indirect=cautious
| orders | indirect=cautious
| orders | indirect=buildable
| orders | indirect=empty
test_type:singular | | indirect=empty
relationships_orders_customer_id__id__ref_customers_ | | indirect=cautious
orders,test_type:data | | indirect=cautious
orders,test_type:data | | indirect=buildable
orders,test_type:data customers | | indirect=buildable
* | | indirect=cautious
* | tag:nightly | indirect=buildable
| | selector=cli
| | selector=cli_plus
| | selector=cli_space
| | selector=kv
| | selector=kv_config
| | selector=kv_wild
| | selector=full
| | selector=full_at
| | selector=full_exclude
| | selector=cautious
| | selector=empty
| | selector=buildable
| | selector=united
| | selector=united_cautious
| | selector=met
| | selector=nested
| | selector=inherits
| | selector=inherits_root
| | selector=dropped
| | selector=typed_value
| | selector=typed_bool
| | selector=depth_zero
| | selector=kv indirect=cautious
| | selector=full indirect=buildable
| | selector=united indirect=empty
| | selector=unknown
orders | | selector=kv
path:**
path:mod*
path:models/marts/**
path:models/marts/**/
path:models/stag
path:/models
path:models/m*/c*
path:models/[sm]*/*.sql
path:*.yml
path:target
shop
shop.orders
shop.dim_product
shop.dim_product_v2
dim_product.v1.x
x.dim_product.v1
dim_product.*
dim_product_v2+
marts.core.
.orders
Orders
[!s]*
tag:[dn]*
tag:DAILY
package:this+1
package:nothing
test_name:unique+
test_name:*
@source:raw.payments
@tag:finance
@+orders
2+exposure:weekly
1+tag:nightly+1
10+revenue_by_day
+revenue_by_day,+customers
orders+,+exposure:weekly
config.meta.deep:x
config.severity.x:y
config.quoting:x
config.persist_docs:x
config.packages:x
config.lookback:1
config.materialized:Table
config.materialized:table,tag:nightly
config.meta.deep.er:True
resource_type:unit_test
resource_type:function
resource_type:model,config.materialized:incremental
resource_type:source resource_type:exposure
state:new+1
state:modified.macros
state:modified.contract
state:modified.persisted_descriptions
state:modified,resource_type:seed
1+state:new
revenue,
,
@
+
fqn:*
fqn:orders
fqn:shop.*
+fqn:marts.finance.*
file:**/orders.sql
file:*.yml
file:*.csv
source:raw.*,tag:daily
source:*.nothing
source:raw.users,raw.orders
exposure:w*y
+exposure:board,resource_type:seed
group:sales+
access:nothing
version:latest+
version:none,marts
unique_* | test_name:unique
tag:daily | tag:staging
| tag:d*,path:models
| fqn:*
| +exposure:*
orders+ | 1+customers | indirect=buildable
+orders | stg_orders | indirect=cautious
+orders | stg_orders | indirect=buildable
path:models/marts | tag:nightly | indirect=cautious
@orders | test_type:generic | types=test
source:raw+ | | types=test indirect=cautious
source:raw+1 | | types=test indirect=buildable
exposure:board+ | | indirect=empty
1+exposure:board | | indirect=cautious
1+exposure:board | | indirect=buildable
staging,tag:daily orders | | indirect=cautious
staging,tag:daily orders | | indirect=buildable
staging tag:nightly | orders_snapshot | indirect=cautious
stg_users,+customers stg_orders | | indirect=buildable
relationships_* | orders | indirect=cautious
customers orders | stg_users | indirect=cautious
resource_type:test | customers | indirect=cautious
| | not=model
| | types=all not=test
| | types=analysis
nope:x
@orders+
tag
source:a.b.c.d
exposure:a.b.c
test_type:odd
resource_type:odd
version:odd
state:odd
result:error
config:x
"""


def rows():
    """Each case as what the data file holds."""
    for line in CASES.strip("\n").split("\n"):
        select, exclude, options = (line + " | | ").split("|")[:3]
        given = dict(option.split("=") for option in options.split())
        listed = lambda key: given[key].split(",") if key in given else []
        yield {
            "select": select.split(),
            "exclude": exclude.split(),
            "selector": given.get("selector"),
            "indirect": given.get("indirect"),
            "types": listed("types"),
            "not": listed("not"),
        }
