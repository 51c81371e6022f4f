-- Every relation of a Postgres database: schema, name, kind, columns, and what else is known of it, as lists in JSON.
select
    n.nspname,
    c.relname,
    case c.relkind when 'v' then 'view' when 'm' then 'materialized view' else 'table' end,
    (
        select json_agg(concat_ws(' ', a.attname, format_type(a.atttypid, a.atttypmod), case when a.attnotnull then 'not null' end) order by a.attnum)
        from pg_attribute a
        where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    )::text,
    (
        select coalesce(json_agg(line order by line collate "C"), '[]')
        from (
            select concat_ws(' ', 'comment', a.attname, d.description) as line
            from pg_description d
            left join pg_attribute a on a.attrelid = d.objoid and a.attnum = d.objsubid and d.objsubid > 0
            where d.objoid = c.oid and d.classoid = 'pg_class'::regclass
            union all
            -- A name that was not given is the program's own affair.
            select concat_ws(' ', case when not starts_with(k.conname, c.relname) then k.conname end, pg_get_constraintdef(k.oid))
            from pg_constraint k
            where k.conrelid = c.oid and k.contype in ('c', 'f', 'p', 'u')
            union all
            select regexp_replace(pg_get_indexdef(i.indexrelid), 'INDEX \S+ ON', 'INDEX ON')
            from pg_index i
            where i.indrelid = c.oid and not exists (select from pg_constraint k where k.conindid = i.indexrelid and k.conrelid = c.oid)
            union all
            select concat_ws(' ', 'grant', privilege_type, 'to', case grantee when 0 then 'public' else grantee::regrole::text end)
            from aclexplode(c.relacl)
            where grantee <> c.relowner
            union all
            select 'unlogged' where c.relpersistence = 'u'
        ) lines
    )::text
from pg_class c
join pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('r', 'p', 'v', 'm') and n.nspname not like 'pg\_%' and n.nspname <> 'information_schema'
order by 1, 2
