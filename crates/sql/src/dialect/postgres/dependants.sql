-- What hangs on a relation: views, materialized views, functions and foreign keys, also by way of each other. For each:
-- what it is, the statement that drops it, and the statements that make it anew with its owner, rights and comments.
-- In the order of dropping.
with recursive hanging (class, id, depth) as (
  select 'pg_class'::regclass::oid, pg_catalog.to_regclass({relation})::oid, 0
  union
  select found.class, found.id, hanging.depth + 1
  from hanging
  cross join lateral (
    select d.classid, d.objid
    from pg_catalog.pg_depend as d
    where d.refclassid = hanging.class and d.refobjid = hanging.id
    union all
    select d.classid, d.objid
    from pg_catalog.pg_type as t
    join pg_catalog.pg_depend as d on d.refclassid = 'pg_type'::regclass and d.refobjid in (t.oid, t.typarray)
    where hanging.class = 'pg_class'::regclass and t.typrelid = hanging.id
  ) as d
  cross join lateral (
    select 'pg_class'::regclass::oid, r.ev_class
    from pg_catalog.pg_rewrite as r
    where d.classid = 'pg_rewrite'::regclass and r.oid = d.objid and r.ev_class <> hanging.id
    union all
    select d.classid, d.objid where d.classid = 'pg_proc'::regclass
    union all
    select d.classid, d.objid
    from pg_catalog.pg_constraint as c
    where d.classid = 'pg_constraint'::regclass and c.oid = d.objid and c.contype = 'f'
      and hanging.class = 'pg_class'::regclass and c.confrelid = hanging.id and c.conrelid <> hanging.id
  ) as found (class, id)
),

one (class, id, depth) as (
  select class, id, max(depth) from hanging where depth > 0 group by class, id
),

rights (class, id, position, grantee, privilege, is_grantable, on_column) as (
  select one.class, one.id, 0, a.grantee, a.privilege_type, a.is_grantable, null::text
  from one
  join pg_catalog.pg_class as c on one.class = 'pg_class'::regclass and c.oid = one.id
  cross join lateral pg_catalog.aclexplode(c.relacl) as a
  where a.grantee <> c.relowner
  union all
  select one.class, one.id, t.attnum, a.grantee, a.privilege_type, a.is_grantable, pg_catalog.quote_ident(t.attname)
  from one
  join pg_catalog.pg_attribute as t on one.class = 'pg_class'::regclass and t.attrelid = one.id and t.attnum > 0
  cross join lateral pg_catalog.aclexplode(t.attacl) as a
  union all
  select one.class, one.id, 0, a.grantee, a.privilege_type, a.is_grantable, null
  from one
  join pg_catalog.pg_proc as p on one.class = 'pg_proc'::regclass and p.oid = one.id
  cross join lateral pg_catalog.aclexplode(p.proacl) as a
  where a.grantee <> p.proowner
),

named (class, id, depth, word, name, owner, creation) as (
  select
    one.class, one.id, one.depth,
    case c.relkind when 'm' then 'materialized view' else 'view' end,
    pg_catalog.format('%I.%I', n.nspname, c.relname),
    c.relowner,
    pg_catalog.format(
      'create %s %I.%I%s as %s%s',
      case c.relkind when 'm' then 'materialized view' else 'view' end,
      n.nspname,
      c.relname,
      ' with (' || pg_catalog.array_to_string(c.reloptions, ', ') || ')',
      pg_catalog.rtrim(pg_catalog.pg_get_viewdef(c.oid), ';'),
      case when c.relkind = 'm' and not c.relispopulated then ' with no data' else '' end
    )
  from one
  join pg_catalog.pg_class as c on one.class = 'pg_class'::regclass and c.oid = one.id and c.relkind in ('v', 'm')
  join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
  union all
  select
    one.class, one.id, one.depth,
    case p.prokind when 'p' then 'procedure' else 'function' end,
    p.oid::regprocedure::text,
    p.proowner,
    pg_catalog.pg_get_functiondef(p.oid)
  from one
  join pg_catalog.pg_proc as p on one.class = 'pg_proc'::regclass and p.oid = one.id and p.prokind <> 'a'
),

extras (class, id, position, sql) as (
  select class, id, 1, pg_catalog.format('alter %s %s owner to %s', word, name, pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(owner)))
  from named
  where pg_catalog.pg_get_userbyid(owner) <> current_user
  union all
  select named.class, named.id, 2, pg_catalog.pg_get_indexdef(i.indexrelid)
  from named join pg_catalog.pg_index as i on named.class = 'pg_class'::regclass and i.indrelid = named.id
  union all
  select named.class, named.id, 3, pg_catalog.pg_get_triggerdef(t.oid)
  from named
  join pg_catalog.pg_trigger as t on named.class = 'pg_class'::regclass and t.tgrelid = named.id and not t.tgisinternal
  union all
  select named.class, named.id, 3, pg_catalog.rtrim(pg_catalog.pg_get_ruledef(r.oid), ';')
  from named
  join pg_catalog.pg_rewrite as r on named.class = 'pg_class'::regclass and r.ev_class = named.id and r.rulename <> '_RETURN'
  union all
  -- Everybody may run a new function.
  select named.class, named.id, 4, pg_catalog.format('revoke all on %s %s from public', named.word, named.name)
  from named
  join pg_catalog.pg_proc as p on named.class = 'pg_proc'::regclass and p.oid = named.id and p.proacl is not null
  union all
  select
    named.class, named.id, 5,
    pg_catalog.format(
      'grant %s%s on %s %s to %s%s',
      rights.privilege,
      ' (' || rights.on_column || ')',
      case named.word when 'function' then 'function' when 'procedure' then 'procedure' else 'table' end,
      named.name,
      case rights.grantee when 0 then 'public' else pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(rights.grantee)) end,
      case when rights.is_grantable then ' with grant option' else '' end
    )
  from named join rights on rights.class = named.class and rights.id = named.id
  union all
  select
    named.class, named.id, 6,
    pg_catalog.format(
      'comment on %s is %L',
      case when d.objsubid = 0 then named.word || ' ' || named.name
        else 'column ' || named.name || '.' || (
          select pg_catalog.quote_ident(a.attname)
          from pg_catalog.pg_attribute as a
          where a.attrelid = named.id and a.attnum = d.objsubid
        )
      end,
      d.description
    )
  from named join pg_catalog.pg_description as d on d.classoid = named.class and d.objoid = named.id
),

written (class, id, depth, what, dropping, making) as (
  select
    named.class, named.id, named.depth,
    named.word || ' ' || named.name,
    'drop ' || named.word || ' ' || named.name,
    named.creation || coalesce((
      select pg_catalog.string_agg(E';\n' || e.sql, '' order by e.position, e.sql)
      from extras as e
      where e.class = named.class and e.id = named.id
    ), '')
  from named
  union all
  select
    one.class, one.id, one.depth,
    pg_catalog.format('foreign key %I of %s', c.conname, c.conrelid::regclass),
    pg_catalog.format('alter table %s drop constraint %I', c.conrelid::regclass, c.conname),
    pg_catalog.format('alter table %s add constraint %I %s', c.conrelid::regclass, c.conname, pg_catalog.pg_get_constraintdef(c.oid))
  from one
  join pg_catalog.pg_constraint as c on one.class = 'pg_constraint'::regclass and c.oid = one.id
)

select what, dropping, making from written order by depth desc, what
