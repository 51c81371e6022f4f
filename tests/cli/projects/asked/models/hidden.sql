select {{ run_query("select count(*) from " ~ ref('quotes')).columns[0].values()[0] if execute else 0 }} as n
