{%- set label_days = 14 -%}

with days as (

    select * from {{ ref('int_user_days') }}

),

orders as (

    select * from {{ ref('int_order_totals') }}

),

-- A snapshot is taken at the start of a month. The last day with events may still be going on, so the
-- label's days must all lie before it.
snapshots as (

    select distinct {{ month_start('activity_date') }} as snapshot_date
    from days

),

complete as (

    select max(activity_date) as end_date
    from days

),

subjects as (

    select
        users.user_id,
        snapshots.snapshot_date,
        users.age,
        users.gender,
        users.country,
        users.traffic_source,
        {{ days_between(to_date('users.signed_up_at'), 'snapshots.snapshot_date') }} as days_since_sign_up
    from {{ ref('stg_users') }} as users
    inner join snapshots
        on {{ to_date('users.signed_up_at') }} < snapshots.snapshot_date
    cross join complete
    where {{ add_days('snapshots.snapshot_date', label_days) }} <= complete.end_date

),

browsing as (

    select
        subjects.user_id,
        subjects.snapshot_date,
        {% for window in [7, 30] %}
        {%- set in_window = 'days.activity_date >= ' ~ add_days('subjects.snapshot_date', -window) %}
        {%- for measure in ['sessions', 'product_views', 'cart_additions'] %}
        sum(case when {{ in_window }} then days.{{ measure }} else 0 end) as {{ measure }}_{{ window }}d,
        {%- endfor %}
        {%- endfor %}
        sum(days.sessions) as sessions_total,
        max(days.activity_date) as last_visit_date
    from subjects
    inner join days
        on
            subjects.user_id = days.user_id
            and days.activity_date < subjects.snapshot_date
    group by
        subjects.user_id,
        subjects.snapshot_date

),

-- An order's status is the one it has now, so nothing here may look at it: amounts are gross, and a
-- return counts from the day it happened.
buying as (

    select
        subjects.user_id,
        subjects.snapshot_date,
        count(*) as orders_total,
        sum(orders.gross_amount) as spend_total,
        count(case when orders.return_date < subjects.snapshot_date then 1 end) as returns_total,
        max(orders.order_date) as last_order_date
    from subjects
    inner join orders
        on
            subjects.user_id = orders.user_id
            and orders.order_date < subjects.snapshot_date
    group by
        subjects.user_id,
        subjects.snapshot_date

),

converting as (

    select distinct
        subjects.user_id,
        subjects.snapshot_date
    from subjects
    inner join days
        on
            subjects.user_id = days.user_id
            and days.activity_date >= subjects.snapshot_date
            and days.activity_date < {{ add_days('subjects.snapshot_date', label_days) }}
    where days.purchases > 0

)

select
    subjects.user_id,
    subjects.snapshot_date,
    subjects.age,
    subjects.gender,
    subjects.country,
    subjects.traffic_source,
    subjects.days_since_sign_up,
    {%- for window in [7, 30] %}
    {%- for measure in ['sessions', 'product_views', 'cart_additions'] %}
    {{ as_integer('coalesce(browsing.' ~ measure ~ '_' ~ window ~ 'd, 0)') }} as {{ measure }}_{{ window }}d,
    {%- endfor %}
    {%- endfor %}
    {{ as_integer('coalesce(browsing.sessions_total, 0)') }} as sessions_total,
    {{ days_between('browsing.last_visit_date', 'subjects.snapshot_date') }} as days_since_last_visit,
    coalesce(buying.orders_total, 0) as orders_total,
    {{ as_money('coalesce(buying.spend_total, 0)') }} as spend_total,
    coalesce(buying.returns_total, 0) as returns_total,
    {{ days_between('buying.last_order_date', 'subjects.snapshot_date') }} as days_since_last_order,
    converting.user_id is not null as will_convert_14d
from subjects
left join browsing
    on
        subjects.user_id = browsing.user_id
        and subjects.snapshot_date = browsing.snapshot_date
left join buying
    on
        subjects.user_id = buying.user_id
        and subjects.snapshot_date = buying.snapshot_date
left join converting
    on
        subjects.user_id = converting.user_id
        and subjects.snapshot_date = converting.snapshot_date
