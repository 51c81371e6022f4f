def model(dbt, session):
    return dbt.ref('train').df()
