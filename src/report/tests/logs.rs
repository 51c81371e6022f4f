use jiff::tz::TimeZone;
use serde_json::{Value as Json, json};

use super::*;
use crate::diagnostic::Diagnostic;
use crate::graph::Graph;
use crate::report::{Context, Event, Human, HumanOptions, Inventory, JsonLog, Level, Position, Reporter, found};
use crate::source::{SourceMap, Span};

/// A run in which everything happens: the nodes, and what came of them.
struct Story {
    graph: Graph,
    sources: SourceMap,
    report: RunReport,
}

impl Story {
    fn new() -> Self {
        let mut sources = SourceMap::default();
        let yaml = sources.add("models/schema.yml", "models:\n  - name: orders\n    columns:\n      - unique\n");
        let sql = sources.add("models/bad.sql", "select 1\nfrom nowhere\n");
        let mut nodes = vec![
            node(ResourceType::Seed, "users"),
            node(ResourceType::Model, "orders"),
            node(ResourceType::Model, "bad"),
            node(ResourceType::Model, "below"),
            column_test("unique", "orders", "id"),
            column_test("not_null", "orders", "id"),
            column_test("accepted_values", "orders", "id"),
            node(ResourceType::Exposure, "dash"),
        ];
        nodes[1].config.values = dict(json!({"materialized": "table"}));
        if let Detail::Test(test) = &mut nodes[4].detail {
            test.span = Some(Span::new(yaml, 45, 51));
        }
        nodes[6].config.values = dict(json!({"severity": "warn", "store_failures": true}));
        nodes[6].relation_name = Some("\"shop\".\"audit\".\"accepted\"".into());
        let results = Self::results(&nodes, Span::new(sql, 14, 21));
        Self { graph: Graph::new(nodes), sources, report: report(results) }
    }

    fn results(nodes: &[Node], at: Span) -> Vec<NodeResult> {
        let mut results = vec![
            took(&nodes[0], Status::Success, 0.16),
            took(&nodes[1], Status::Success, 0.034),
            took(&nodes[2], Status::Error, 0.01),
            NodeResult::skipped(&nodes[3].unique_id, "upstream model bad failed"),
            took(&nodes[4], Status::Fail, 0.02),
            took(&nodes[5], Status::Pass, 0.02),
            took(&nodes[6], Status::Warn, 12.0),
            took(&nodes[7], Status::NoOp, 0.0),
        ];
        results[0].message = Some("INSERT 3".into());
        results[1].rows = Some(41);
        results[2].diagnostic =
            Some(Diagnostic::error("unknown-table", "there is no table `nowhere`").at(at, "read here"));
        results[4].message = Some("Got 3 results, configured to fail if != 0".into());
        results[4].failures = Some(3);
        results[4].compiled = true;
        results[6].message = Some("Got 1 result, configured to warn if != 0".into());
        results[6].failures = Some(1);
        results
    }

    fn tell(&self, reporter: &dyn Reporter) {
        let found = found(&self.graph, Inventory { macros: 512, ..Inventory::default() });
        let total = self.graph.len();
        reporter.event(&Event::RunStarted { found: &found, threads: 2, target: "dev", total });
        for (at, result) in self.report.results.iter().enumerate() {
            let position = Position { index: at + 1, total };
            let node = self.graph.node(at);
            reporter.event(&Event::NodeStarted { position, node, thread: 1 });
            reporter.event(&Event::NodeFinished { position, node, result });
        }
        let context = Context { graph: &self.graph, sources: &self.sources, target: "target" };
        reporter.event(&Event::RunFinished { report: &self.report, context });
    }
}

fn options(level: Level) -> HumanOptions {
    HumanOptions { level, color: false, width: 120, progress: false, time_zone: TimeZone::UTC, now }
}

fn human(level: Level) -> String {
    let output = Output::default();
    Story::new().tell(&Human::new(Box::new(output.clone()), options(level)));
    output.text()
}

const STORY: &str = "\
10:00:00  Found 3 models, 1 seed, 3 data tests, 1 exposure, 512 macros
10:00:00
10:00:00  Concurrency: 2 threads (target='dev')
10:00:00
10:00:00  1 of 8 OK loaded seed file main.users .......................................... [INSERT 3 in 0.16s]
10:00:00  2 of 8 OK created table model main.orders ...................................... [OK, 41 rows in 0.03s]
10:00:00  3 of 8 ERROR creating view model main.bad ...................................... [ERROR in 0.01s]
10:00:00  4 of 8 SKIP relation main.below (upstream model bad failed) .................... [SKIP]
10:00:00  5 of 8 FAIL 3 unique_orders_id ................................................. [FAIL 3 in 0.02s]
10:00:00  6 of 8 PASS not_null_orders_id ................................................. [PASS in 0.02s]
10:00:00  7 of 8 WARN 1 accepted_values_orders_id ........................................ [WARN 1 in 12.00s]
10:00:00  8 of 8 NO-OP exposure dash ..................................................... [NO-OP in 0.00s]
10:00:00
10:00:00  Finished running 1 exposure, 1 seed, 1 table model, 3 data tests, 2 view models in 0 hours 0 minutes and 1.23 seconds (1.23s).
10:00:00
10:00:00  Completed with 2 errors, 0 partial successes, and 1 warning:
10:00:00
10:00:00  Failure in model bad (models/bad.sql)
unknown-table

  × there is no table `nowhere`
   ╭─[models/bad.sql:2:6]
 1 │ select 1
 2 │ from nowhere
   ·      ───┬───
   ·         ╰── read here
   ╰────
10:00:00
10:00:00  Failure in test unique_orders_id (models/schema.yml:4)
10:00:00    Got 3 results, configured to fail if != 0
10:00:00
10:00:00    compiled code at target/compiled/shop/models/schema.yml/unique_orders_id.sql
10:00:00    see the rows: karat show --select unique_orders_id
10:00:00
10:00:00  Warning in test accepted_values_orders_id (models/schema.yml)
10:00:00    Got 1 result, configured to warn if != 0
10:00:00    see the rows: select * from \"shop\".\"audit\".\"accepted\"
10:00:00
10:00:00  Done. PASS=3 WARN=1 ERROR=2 SKIP=1 NO-OP=1 TOTAL=8
";

#[test]
fn a_run_is_told_line_by_line() {
    assert_eq!(human(Level::Info), STORY);
}

#[test]
fn quiet_tells_only_what_failed() {
    let expected: String = STORY
        .split_inclusive('\n')
        .enumerate()
        .filter(|(at, _)| [6, 8].contains(at) || (16..33).contains(at))
        .map(|(_, line)| line)
        .collect();
    assert_eq!(human(Level::Error), expected);
}

#[test]
fn level_none_says_nothing_and_debug_tells_of_starts() {
    assert_eq!(human(Level::None), "");
    let debug = human(Level::Debug);
    let start = "10:00:00  2 of 8 START table model main.orders ........................................... [RUN]\n";
    assert!(debug.contains(start), "{debug}");
}

/// The last line about a passing test, in a terminal of this width.
fn passed(width: usize, name: &str, color: bool) -> String {
    let output = Output::default();
    let human = Human::new(Box::new(output.clone()), HumanOptions { width, color, ..options(Level::Info) });
    let node = node(ResourceType::Test, name);
    let result = took(&node, Status::Pass, 0.25);
    human.event(&Event::NodeFinished { position: Position { index: 1, total: 1 }, node: &node, result: &result });
    output.text()
}

#[test]
fn dots_give_way_to_the_terminal_and_to_long_names() {
    let narrow = passed(60, "small", false);
    assert_eq!(narrow, "10:00:00  1 of 1 PASS small ................ [PASS in 0.25s]\n");
    assert_eq!(narrow.trim_end().len(), 60);
    let name = "x".repeat(90);
    assert_eq!(passed(60, &name, false), format!("10:00:00  1 of 1 PASS {name} [PASS in 0.25s]\n"));
}

#[test]
fn colour_is_around_the_status_only() {
    assert!(passed(60, "small", true).ends_with("... [\x1b[32mPASS\x1b[0m in 0.25s]\n"));
}

#[test]
fn hooks_and_cancelling_are_told() {
    let output = Output::default();
    let human = Human::new(Box::new(output.clone()), options(Level::Info));
    let mut hook = node(ResourceType::Operation, "shop-on-run-start-0");
    hook.detail = Detail::Hook { index: 0, start: true };
    let result = took(&hook, Status::Success, 0.02);
    human.event(&Event::HookFinished { position: Position { index: 1, total: 2 }, node: &hook, result: &result });
    human.event(&Event::Cancelled);
    let (graph, report) = (Graph::new(vec![hook]), report(vec![result]));
    let context = Context { graph: &graph, sources: &SourceMap::default(), target: "target" };
    human.event(&Event::RunFinished { report: &report, context });
    let expected = "\
10:00:00  1 of 2 OK hook: shop.on-run-start.0 ............................................ [OK in 0.02s]
10:00:00  Stopping: running queries are being cancelled
10:00:00
10:00:00  Finished running 1 project hook in 0 hours 0 minutes and 1.23 seconds (1.23s).
10:00:00
10:00:00  Exited because of keyboard interrupt
10:00:00
10:00:00  Done. PASS=1 WARN=0 ERROR=0 SKIP=0 NO-OP=0 TOTAL=1
";
    assert_eq!(output.text(), expected);
}

#[test]
fn exit_codes_and_counts() {
    let nodes = [node(ResourceType::Model, "a"), node(ResourceType::Model, "b")];
    let of = |statuses: &[Status]| report(nodes.iter().zip(statuses).map(|(n, s)| took(n, *s, 0.0)).collect());
    assert_eq!(of(&[Status::Success, Status::Pass]).exit_code(), 0);
    assert_eq!(of(&[Status::Warn, Status::NoOp]).exit_code(), 0);
    assert_eq!(of(&[Status::Success, Status::Skipped]).exit_code(), 1);
    assert_eq!(of(&[Status::Success, Status::RuntimeError]).exit_code(), 1);
    let counts = of(&[Status::PartialSuccess, Status::Fail]).counts();
    assert_eq!((counts.error, counts.partial, counts.total), (2, 1, 2));
}

#[test]
fn the_json_log_has_an_object_on_each_line() {
    let output = Output::default();
    Story::new().tell(&JsonLog::new(Box::new(output.clone()), Level::Info, "a15774fb").with_clock(now));
    let text = output.text();
    let lines: Vec<Json> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let named = |name: &str| lines.iter().find(|line| line["info"]["name"] == name).unwrap();

    let test = named("LogTestResult");
    assert_eq!(test["info"]["level"], "error");
    assert_eq!(test["info"]["ts"], "2026-01-01T10:00:00.500000Z");
    assert_eq!(test["info"]["invocation_id"], "a15774fb");
    assert_eq!(test["info"]["thread"], "Thread-1 (worker)");
    assert_eq!(test["info"]["pid"], std::process::id());
    assert_eq!(test["data"]["num_failures"], 3);
    assert_eq!(test["data"]["node_info"]["unique_id"], "test.shop.unique_orders_id.b3a174283a");
    assert_eq!(named("LogStartLine")["data"]["node_info"]["node_status"], "started");
    assert_eq!(named("StatsLine")["data"]["stats"]["pass"], 3);
    let diagnostic = named("Diagnostic");
    assert_eq!(diagnostic["data"]["labels"][0]["line"], 2);
    assert_eq!(diagnostic["info"]["msg"], "there is no table `nowhere`\n  at models/bad.sql:2:6");
    let last = lines.last().unwrap();
    assert_eq!(last["info"]["msg"], "Done. PASS=3 WARN=1 ERROR=2 SKIP=1 NO-OP=1 TOTAL=8");
}
