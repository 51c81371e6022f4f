use karat_jinja::*;
use minijinja::Value;
use std::sync::Arc;
#[test]
fn real_macros() {
    let mut files = vec![];
    fn walk(p: &std::path::Path, out: &mut Vec<std::path::PathBuf>) {
        for e in std::fs::read_dir(p).unwrap().flatten() {
            let p = e.path();
            if p.is_dir() {
                walk(&p, out)
            } else if p.extension().is_some_and(|e| e == "sql" || e == "md") {
                out.push(p)
            }
        }
    }
    for root in std::env::var("ROOTS").unwrap().split(':') {
        walk(std::path::Path::new(root), &mut files);
    }
    let mut engine = Engine::new();
    let (mut n, mut bytes) = (0, 0);
    let t = std::time::Instant::now();
    for f in &files {
        let s = std::fs::read_to_string(f).unwrap();
        match blocks(&s) {
            Ok(bs) => {
                for b in bs {
                    if matches!(b.kind, BlockKind::Docs | BlockKind::Snapshot) {
                        continue;
                    }
                    n += 1;
                    bytes += b.span.len();
                    let id = format!("{}.{}", f.display(), b.name);
                    if let Err(e) = engine.add_macro(&MacroSource {
                        id: &id,
                        kind: b.kind,
                        source: &s[b.span.clone()],
                        file: Arc::from(f.to_str().unwrap()),
                        offset: b.span.start,
                        line: b.line,
                        column: b.column,
                    }) {
                        println!("{id}: {e} {:?}", e.location());
                    }
                    assert_eq!(s[..b.span.start].lines().count().max(1), s[..b.span.start].lines().count().max(1));
                }
            }
            Err(e) => println!("{}: {e}", f.display()),
        }
    }
    println!("{n} macros, {bytes} bytes in {:?} of {} files", t.elapsed(), files.len());
}

#[test]
fn bench() {
    let mut e = Engine::new();
    let src = "{% macro ref2(x) %}{{ return('db.' ~ x) }}{% endmacro %}";
    let b = &blocks(src).unwrap()[0];
    e.add_macro(&MacroSource { id: "m", kind: b.kind, source: src, file: "f".into(), offset: 0, line: 1, column: 1 })
        .unwrap();
    let mut c: Vec<(Value, Value)> = builtins().into_iter().map(|(k, v)| (k.into(), v)).collect();
    c.push(("ref".into(), Value::from_function(|x: String| format!("\"db\".\"{x}\""))));
    c.push(("config".into(), Value::from_function(|_k: minijinja::value::Kwargs| "")));
    c.push(("m".into(), e.macro_value("m").unwrap()));
    let ctx = dict(c);
    let model = "{{ config(materialized='table', tags=['a', 'b']) }}\nwith a as (select * from {{ ref('x') }}), b as (select * from {{ ref('y') }})\nselect {% for c in ['a', 'b', 'c'] %}{{ c }}{% if not loop.last %}, {% endif %}{% endfor %} from a join b using (id)\n where x = '{{ m('z') }}'\n";
    for (name, t) in [
        ("plain", "select 1 as x from foo"),
        ("one tag", "select {{ 1 }}"),
        ("ref", "select * from {{ ref('x') }}"),
        ("model", model),
        ("macro call", "{{ m('z') }}"),
    ] {
        let n = 20000;
        let s = std::time::Instant::now();
        for _ in 0..n {
            e.render("m", t, ctx.clone()).unwrap();
        }
        let total = s.elapsed() / n;
        let compiled = e.compile("m", t).unwrap();
        let s = std::time::Instant::now();
        for _ in 0..n {
            e.render_compiled(&compiled, ctx.clone(), RenderOptions::default()).unwrap();
        }
        println!("{name}: parse+render {total:?}, render only {:?}", s.elapsed() / n);
    }
    let s = std::time::Instant::now();
    let r = e
        .render(
            "x",
            "{% set ns = namespace(n=0) %}{% for i in range(100000) %}{% set ns.n = ns.n + i %}{% endfor %}{{ ns.n }}",
            ctx.clone(),
        )
        .unwrap();
    println!("loop 100k: {:?} {r}", s.elapsed());
    let s = std::time::Instant::now();
    let r = e
        .render("x", "{% for i in range(100000) %}{% for j in range(100000) %}{% endfor %}{% endfor %}", ctx.clone())
        .unwrap_err();
    println!("fuel: {:?} {r} {:?}", s.elapsed(), r.location());
}
