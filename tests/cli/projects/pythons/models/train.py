import math  # dbt.ref("nothing")


def helper(df):
    """dbt.ref('nothing either')"""
    return df


def model(dbt, session):
    dbt.config(
        materialized="incremental",  # (a comment
        tags=["python", "slow"],
        packages=["numpy"],
        unique_key="id",
    )
    orders = helper(dbt.ref("orders"))
    both = [dbt.ref("pythons", "orders"), dbt.source("raw", "events")]
    limit = dbt.config.get("limit", 10)
    return orders.filter(dbt.config.get("meta"))
