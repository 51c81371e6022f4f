"""What the artifacts of one project say, key by key, in a form that is compact and can be compared.

Each entry of an artifact is a `place` (`manifest/nodes/model.shop.orders`) and a map of its keys, `config` laid flat. Values that most
entries of a kind share are kept once, under `common`. `tests/cli/artifacts.rs` makes the same of what karat wrote.
"""
import collections
import json

# Moments, identifiers, places of the machine, and SQL, which is compared elsewhere.
DROPPED = {"created_at", "root_path", "generated_at", "invocation_id", "invocation_started_at", "run_started_at", "user_id",
           "execution_time", "elapsed_time", "thread_id", "timing", "snapshotted_at", "max_loaded_at",
           "max_loaded_at_time_ago_in_s", "send_anonymous_usage_stats"}
ONLY_PRESENT = {"compiled_code", "extra_ctes"}
# Paths, and the text of the command line.
ARGS_DROPPED = {"log_path", "project_dir", "profiles_dir", "invocation_command", "project_root"}
# Whose macros and docs come with dbt: their text is not karat's.
OWN = ("dbt", "dbt_duckdb")


# What the macro of a test calls while it runs: karat runs tests without it.
RUNNING = {f"macro.dbt.{name}" for name in
           ("get_limit_subquery_sql", "should_store_failures", "statement", "materialization_test_default", "run_query")}


def depends_on(found, is_test):
    """What an entry depends on; the order in which macros are called is of no meaning."""
    return {k: sorted(set(v) - RUNNING if is_test else v) if k == "macros" else v for k, v in found.items()}


def flat(entry):
    """The keys of an entry, those of its settings after a dot."""
    out = {}
    for key, value in entry.items():
        if key in DROPPED:
            continue
        if key in ("config", "unrendered_config") and isinstance(value, dict):
            out.update({f"{key}.{k}": v for k, v in value.items()})
        elif key in ONLY_PRESENT:
            out[key] = value is not None
        elif key == "depends_on":
            out[key] = depends_on(value, entry.get("resource_type") == "test")
        else:
            out[key] = value
    return out


def manifest(m):
    """Every entry of manifest.json: place, kind and keys."""
    for section, entries in m.items():
        if section in ("macros", "docs"):
            entries = {u: e for u, e in entries.items() if e["package_name"] not in OWN}
        place = f"manifest/{section}"
        if section == "metadata":
            yield place, section, flat(entries)
        elif section.endswith("_map") or section == "selectors":
            yield place, section, entries
        elif section == "disabled":
            for u, found in entries.items():
                for i, e in enumerate(found):
                    yield f"{place}/{u}/{i}", f"disabled.{e['resource_type']}", flat(e)
        else:
            for u, e in entries.items():
                yield f"{place}/{u}", e["resource_type"], flat(e)


def semantic(m):
    """Every entry of semantic_manifest.json."""
    yield "semantic/project", "semantic", m["project_configuration"]
    for section in ("semantic_models", "metrics", "saved_queries"):
        for e in m[section]:
            yield f"semantic/{section}/{e['name']}", f"semantic.{section}", e


def result(r):
    """A result: how it is told, what it consists of. Words of errors are each program's own."""
    out = flat(r)
    out["timing"] = [t["name"] for t in r["timing"]]
    if r["status"] in ("error", "runtime error"):
        out["message"] = r.get("message") is not None
    return out


def results(step, name, artifact):
    """Every entry of run_results.json or sources.json."""
    kind = name.removesuffix(".json")
    yield f"{step}/{kind}", kind, {k: v for k, v in flat(artifact["metadata"]).items()}
    if "args" in artifact:
        args = {k: v for k, v in artifact["args"].items() if k not in ARGS_DROPPED}
        yield f"{step}/{kind}/args", "args", args
    for r in artifact["results"]:
        yield f"{step}/{kind}/{r['unique_id']}", f"result.{r['unique_id'].split('.')[0]}", result(r)


def written(project, step, is_first):
    """Every entry of what a command wrote; the manifest is that of the first one."""
    read = lambda name: json.loads((project / "target" / name).read_text())
    there = [name for name in ("run_results.json", "sources.json") if (project / "target" / name).exists()]
    found = [*manifest(read("manifest.json")), *semantic(read("semantic_manifest.json"))] if is_first else []
    return found + [entry for name in there for entry in results(step, name, read(name))]


def compact(places):
    """The values that most entries of a kind share, and of each entry what differs: `-` names the keys that it lacks."""
    kinds = collections.defaultdict(list)
    places = list(places)
    for _, kind, entry in places:
        kinds[kind].append(entry)
    common = {kind: shared(entries) for kind, entries in kinds.items() if len(entries) > 1}
    found = {}
    for place, kind, entry in places:
        base = common.get(kind, {})
        own = {k: v for k, v in entry.items() if k not in base or base[k] != v}
        lacks = sorted(k for k in base if k not in entry)
        found[place] = {"": kind, **own, **({"-": lacks} if lacks else {})}
    return {"common": common, "entries": found}


def shared(entries):
    base = {}
    for key in {k: None for e in entries for k in e}:
        values = collections.Counter(json.dumps(e[key], sort_keys=True) for e in entries if key in e)
        text, times = values.most_common(1)[0]
        if times > 1 and times * 2 > len(entries):
            base[key] = json.loads(text)
    return base


def write(path, places):
    """One line for each entry."""
    found = compact(places)
    line = lambda key, value: f"  {json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}"
    parts = [f' "{part}": {{\n' + ",\n".join(line(k, v) for k, v in found[part].items()) + "\n }" for part in found]
    text = "{\n" + ",\n".join(parts) + "\n}\n"
    path.write_text(text.replace("dbt_project.yml", "project.yml"))
