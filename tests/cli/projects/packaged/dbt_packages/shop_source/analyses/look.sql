select 1 as analysed
