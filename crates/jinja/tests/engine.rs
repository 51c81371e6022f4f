//! The engine as its callers use it: errors, limits, functions of the context, threads.

use std::fmt;
use std::sync::Arc;

use karat_jinja::{
    Engine, ErrorKind, JinjaError, Limits, MacroSource, RenderOptions, blocks, builtins, dict, from_json, list,
    py_repr, py_str, to_json, utc_datetime,
};
use minijinja::value::{Kwargs, Object, Rest};
use minijinja::{Error, State, Value};

fn engine(macros: &str) -> Engine {
    let mut engine = Engine::new();
    for block in blocks(macros).expect("macros split") {
        let source = MacroSource {
            id: &block.name,
            kind: block.kind,
            source: &macros[block.span.clone()],
            file: Arc::from("macros.sql"),
            offset: block.span.start,
            line: block.line,
            column: block.column,
        };
        engine.add_macro(&source).expect("macro parses");
    }
    engine
}

fn context(engine: &Engine, macros: &[&str], extra: Vec<(&str, Value)>) -> Value {
    let own = macros.iter().map(|id| (Value::from(*id), engine.macro_value(id).expect("macro exists")));
    let extra = extra.into_iter().map(|(name, value)| (Value::from(name), value));
    dict(builtins().into_iter().map(|(name, value)| (Value::from(name), value)).chain(own).chain(extra))
}

fn fails(template: &str, extra: Vec<(&str, Value)>) -> JinjaError {
    let engine = Engine::new();
    let context = context(&engine, &[], extra);
    engine.render("model.sql", template, context).expect_err(template)
}

#[derive(Debug)]
struct Missing(&'static str);

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no node named {}", self.0)
    }
}

impl std::error::Error for Missing {}

fn raising() -> Value {
    Value::from_function(|| -> Result<Value, Error> {
        Err(Error::new(minijinja::ErrorKind::InvalidOperation, "raised").with_source(Missing("orders")))
    })
}

#[test]
fn errors_point_at_the_source() {
    let cases = [
        ("a\nb {{ 1 +  'x' }}", "1 +  'x'", 2, ErrorKind::Type),
        ("{{ nope.x }}", "nope.x", 1, ErrorKind::UndefinedName),
        ("{{ {}.a.b }}", "{}.a.b", 1, ErrorKind::UndefinedAttribute),
        ("{% if 1 %}\n{{ nope(1) }}{% endif %}", "nope(1)", 2, ErrorKind::UndefinedName),
        ("é {{ [3, 'a']|sort }}", "[3, 'a']|sort", 1, ErrorKind::Type),
        ("{{ 'a'|upper(1) }}", "'a'|upper(1)", 1, ErrorKind::Arguments),
        ("{% for x in 5 %}{% endfor %}", "5", 1, ErrorKind::Type),
        ("{{ [].pop() }}", "[].pop()", 1, ErrorKind::Value),
        ("{{ 1|nope }}", "nope", 1, ErrorKind::Syntax),
        ("{{ a b }}", "b", 1, ErrorKind::Syntax),
        ("\n\n{{ 'a }}", "'", 3, ErrorKind::Syntax),
    ];
    for (template, place, line, kind) in cases {
        let error = fails(template, Vec::new());
        let location = error.location().expect("located");
        assert_eq!(&template[location.span.clone()], place, "{template}: {error}");
        assert_eq!((location.line, &*location.template), (line, "model.sql"), "{template}");
        assert_eq!(error.kind(), kind, "{template}: {error}");
    }
}

#[test]
fn errors_of_macros_are_placed_in_their_file() {
    let macros = "-- first\n{% macro inner(x) %}\n  {{ x.y.z }}\n{% endmacro %}\n{% macro outer() %}{{ inner({}) }}{% endmacro %}";
    let engine = engine(macros);
    let context = context(&engine, &["inner", "outer"], Vec::new());
    let error = engine.render("model.sql", "\n{{ outer() }}", context).expect_err("fails");
    let location = error.location().expect("located");
    assert_eq!((&*location.template, location.file.as_deref(), location.line), ("inner", Some("macros.sql"), 3));
    assert_eq!(&macros[location.span.clone()], "x.y.z");
    let frames: Vec<(&str, &str, usize)> =
        error.frames().iter().map(|frame| (&*frame.callee, &*frame.place.template, frame.place.line)).collect();
    assert_eq!(frames, [("inner", "outer", 5), ("outer", "model.sql", 2)]);
}

#[test]
fn undefined_names_come_with_a_hint() {
    assert!(fails("{{ nope() }}", Vec::new()).hint().expect("hint").contains("does not exist"));
}

#[test]
fn payloads_survive_macros_and_foreign_calls() {
    let engine = engine("{% macro a() %}{{ b() }}{% endmacro %}{% macro b() %}{{ relay(raising) }}{% endmacro %}");
    let relay = Value::from_function(|state: &mut State<'_, '_>, f: Value| f.call(state, &[]));
    let context = context(&engine, &["a", "b"], vec![("raising", raising()), ("relay", relay)]);
    let error = engine.render("m", "{{ a() }}", context).expect_err("fails");
    assert_eq!((error.kind(), error.message()), (ErrorKind::Raised, "raised"));
    assert_eq!(error.payload::<Missing>().expect("payload").0, "orders");
    assert_eq!(error.frames().len(), 2);
}

#[test]
fn errors_pass_through_foreign_calls_unchanged() {
    let engine = engine("{% macro a() %}{{ 1 + 'x' }}{% endmacro %}");
    let relay = Value::from_function(|state: &mut State<'_, '_>, f: Value| f.call(state, &[]));
    let context = context(&engine, &["a"], vec![("relay", relay)]);
    let error = engine.render("m", "{{ relay(a) }}", context).expect_err("fails");
    assert_eq!(error.kind(), ErrorKind::Type);
    assert_eq!(error.location().expect("located").file.as_deref(), Some("macros.sql"));
}

#[test]
fn foreign_functions_get_arguments_the_minijinja_way() {
    let show = Value::from_function(|args: Rest<Value>, kwargs: Kwargs| -> Result<String, Error> {
        let named: Vec<String> = kwargs
            .args()
            .map(|name| Ok(format!("{name}={}", py_repr(&kwargs.get::<Value>(name)?))))
            .collect::<Result<_, Error>>()?;
        let undefined = args.iter().filter(|arg| arg.is_undefined()).count();
        Ok(format!("{} {undefined} {}", args.len(), named.join(",")))
    });
    let engine = Engine::new();
    let context = context(&engine, &[], vec![("show", show)]);
    let text = engine.render("m", "{{ show(1, missing, [2], a='x', b=[3]) }}", context).expect("renders");
    assert_eq!(text, "3 1 a='x',b=[3]");
}

#[derive(Debug)]
struct Relation;

impl Object for Relation {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        (key.as_str() == Some("schema")).then(|| Value::from("raw"))
    }

    fn call_method(self: &Arc<Self>, _: &mut State<'_, '_>, name: &str, args: &[Value]) -> Result<Value, Error> {
        match name {
            "quoted" => Ok(Value::from(format!("\"{}\"", args.len()))),
            _ => Err(Error::from(minijinja::ErrorKind::UnknownMethod)),
        }
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("raw.orders")
    }
}

#[test]
fn foreign_objects_print_and_answer() {
    let engine = Engine::new();
    let render = |template: &str| {
        let context =
            context(&engine, &[], vec![("r", Value::from_object(Relation)), ("seq", Value::from(vec![1, 2]))]);
        engine.render("m", template, context)
    };
    let text = render(
        "{{ r }} {{ r.schema }} {{ r['schema'] }} {{ r.quoted(1) }} {{ r ~ '' }} {{ seq }} {{ seq[-1] }} {{ seq|sum }} {{ seq + [3] }}",
    );
    assert_eq!(text.expect("renders"), "raw.orders raw raw \"1\" raw.orders [1, 2] 2 3 [1, 2, 3]");
    assert_eq!(render("{{ r.nope.x }}").expect_err("fails").kind(), ErrorKind::UndefinedAttribute);
    assert_eq!(render("{{ r.nope() }}").expect_err("fails").kind(), ErrorKind::UndefinedAttribute);
    assert_eq!(render("{{ r.nope is defined }}").expect("renders"), "False");
}

#[test]
fn endless_work_ends() {
    let mut engine = engine("{% macro r() %}{{ r() }}{% endmacro %}");
    engine.set_limits(Limits { fuel: 100_000, ..Limits::default() });
    let fails =
        |template: &str| engine.render("m", template, context(&engine, &["r"], Vec::new())).expect_err(template).kind();
    assert_eq!(fails("{{ r() }}"), ErrorKind::Limit);
    assert_eq!(fails("{% for i in modules.itertools.count() %}{% endfor %}"), ErrorKind::Limit);
    assert_eq!(
        fails("{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}"),
        ErrorKind::Limit
    );
    assert_eq!(fails("{% for x in [[[]]] recursive %}{{ loop([x, [x]]) }}{% endfor %}"), ErrorKind::Limit);
    for huge in
        ["'a' * 10 ** 12", "'a'.ljust(10 ** 12)", "'5'.zfill(10 ** 12)", "'a'|center(10 ** 12)", "[1]|slice(10 ** 12)"]
    {
        assert_eq!(fails(&format!("{{{{ {huge} }}}}")), ErrorKind::Limit, "{huge}");
    }
    assert_eq!(fails("{{ modules.itertools.product(range(99), repeat=9) }}"), ErrorKind::Limit);
    assert_eq!(fails("{{ modules.itertools.permutations(range(20)) }}"), ErrorKind::Limit);
    assert_eq!(fails(&format!("{{{{ {}1{} }}}}", "(".repeat(5000), ")".repeat(5000))), ErrorKind::Syntax);
}

#[test]
fn values_that_hold_themselves_print() {
    let engine = Engine::new();
    let template = "{% set xs = [] %}{% do xs.append(xs) %}{{ xs|length }}{{ (xs|string)|length > 0 }}{{ xs in xs }}";
    let text = engine.render("m", template, context(&engine, &[], Vec::new())).expect("renders");
    assert_eq!(text, "1TrueTrue");
}

#[test]
fn macros_are_called_from_rust() {
    let engine =
        engine("{% macro add(a, b=2) %}{{ return(a + b + offset) }}{% endmacro %}{% macro t() %} x {% endmacro %}");
    let context = || {
        dict([
            ("return", builtins().into_iter().find(|(n, _)| *n == "return").expect("return").1),
            ("offset", Value::from(100)),
        ])
    };
    let call = |id: &str, args: &[Value], kwargs: &[(&str, Value)]| engine.call_macro(id, context(), args, kwargs);
    assert_eq!(py_repr(&call("add", &[1.into()], &[]).expect("calls")), "103");
    assert_eq!(py_repr(&call("add", &[1.into()], &[("b", 5.into())]).expect("calls")), "106");
    assert_eq!(py_repr(&call("t", &[], &[]).expect("calls")), "' x '");
    assert_eq!(call("t", &[1.into()], &[]).expect_err("too many").kind(), ErrorKind::Arguments);
    assert_eq!(call("zz", &[], &[]).expect_err("unknown").kind(), ErrorKind::UndefinedName);
}

#[test]
fn materializations_and_tests_are_named_as_in_dbt() {
    let mut engine = Engine::new();
    let mut add = |source: &str| {
        let block = &blocks(source).expect("splits")[0];
        let source =
            MacroSource { id: "m", kind: block.kind, source, file: Arc::from("f.sql"), offset: 0, line: 1, column: 1 };
        engine.add_macro(&source).map(|name| name.to_string())
    };
    assert_eq!(
        add("{% materialization a, default %}{% endmaterialization %}").expect("parses"),
        "materialization_a_default"
    );
    let specific =
        "{% materialization a, adapter='duckdb', supported_languages=['sql', 'python'] -%}{%- endmaterialization %}";
    assert_eq!(add(specific).expect("parses"), "materialization_a_duckdb");
    assert_eq!(add("{% test unique(model) %}{% endtest %}").expect("parses"), "test_unique");
    assert_eq!(add("{% macro x() %}{{ }}{% endmacro %}").expect_err("syntax").kind(), ErrorKind::Syntax);
}

#[test]
fn expressions_and_json_keep_their_types() {
    let engine = Engine::new();
    let context = || dict([("x", from_json(serde_json::json!({"a": [1, 2.5, null, "s"]})))]);
    let value = engine.eval_expression("x.a + [true]", context()).expect("evaluates");
    assert_eq!(to_json(&value).expect("json"), serde_json::json!([1, 2.5, null, "s", true]));
    assert_eq!(py_str(&engine.eval_native("{{ x.a[0] }}", context()).expect("evaluates")), "1");
    assert!(engine.eval_expression("x.a +", context()).is_err());
    assert!(engine.eval_expression("x }} y", context()).is_err());
}

#[test]
fn lenient_undefined_stops_at_macros() {
    let engine = engine("{% macro strict() %}{{ nope.x }}{% endmacro %}");
    let options = RenderOptions { lenient_undefined: true };
    let render = |template: &str| {
        let compiled = engine.compile("m", template)?;
        engine.render_compiled(&compiled, context(&engine, &["strict"], Vec::new()), options)
    };
    assert_eq!(render("[{{ nope.x().y[1] }}]").expect("renders"), "[]");
    assert_eq!(render("{{ strict() }}").expect_err("fails").kind(), ErrorKind::UndefinedName);
}

#[test]
fn one_engine_serves_many_threads() {
    let engine = engine(
        "{% macro m(x) %}{% set xs = [] %}{% for i in range(x) %}{% do xs.append(i) %}{% endfor %}{{ return(xs) }}{% endmacro %}",
    );
    std::thread::scope(|scope| {
        for n in 0..4 {
            let engine = &engine;
            scope.spawn(move || {
                for _ in 0..200 {
                    let context = context(engine, &["m"], vec![("n", Value::from(n))]);
                    assert_eq!(engine.render("t", "{{ m(n)|length }}", context).expect("renders"), n.to_string());
                }
            });
        }
    });
}

#[test]
fn context_values_are_shared_not_copied() {
    let engine = Engine::new();
    let shared = list(vec![Value::from(1)]);
    let context = context(&engine, &[], vec![("xs", shared.clone())]);
    engine.render("m", "{% do xs.append(2) %}", context).expect("renders");
    assert_eq!(py_repr(&shared), "[1, 2]");
}

#[test]
fn timestamps_become_datetimes() {
    let at = jiff::Timestamp::from_second(0).expect("in range");
    assert_eq!(py_str(&utc_datetime(at)), "1970-01-01 00:00:00+00:00");
}

#[test]
fn broken_templates_never_panic() {
    let engine = Engine::new();
    let source = "{% set x = [1, {'é': \"ü\\x41\"}] -%}{#- c -#}{% raw %}r{% endraw %}{% for a, b in x.items() if a is not none recursive %}\
        {{ loop.index ~ a[1:2:3]|default('z', true) }}{% else %}{% call(y) m(*x, **k) %}{% endcall %}{% endfor %}";
    for (at, _) in source.char_indices() {
        for part in [&source[..at], &source[at..]] {
            let _ = engine.render("m", part, context(&engine, &[], Vec::new()));
            let _ = engine.eval_native(part, context(&engine, &[], Vec::new()));
        }
    }
}
