-- Whether anything may hang on a relation: views, functions and foreign keys depend on it or on its type.
select
where exists (
  select
  from pg_catalog.pg_depend as d
  where d.refclassid = 'pg_class'::regclass and d.refobjid = pg_catalog.to_regclass({relation})
    and d.classid in ('pg_rewrite'::regclass, 'pg_proc'::regclass, 'pg_constraint'::regclass) and d.deptype = 'n'
) or exists (
  select
  from pg_catalog.pg_type as t
  join pg_catalog.pg_depend as d on d.refclassid = 'pg_type'::regclass and d.refobjid in (t.oid, t.typarray)
  where t.typrelid = pg_catalog.to_regclass({relation})
    and d.classid in ('pg_rewrite'::regclass, 'pg_proc'::regclass, 'pg_constraint'::regclass) and d.deptype = 'n'
)
