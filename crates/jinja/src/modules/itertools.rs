//! `modules.itertools`

use minijinja::Value;

use crate::args::{Args, arguments, int_or, need_int};
use crate::error::{ErrorKind, Eval, raise, value_error};
use crate::interp::Interp;
use crate::syntax::ast::BinOp;
use crate::value::{Iter, collect, generator, iterate, ops, truthy, tuple};

type Context<'a, 't, 'e> = Interp<'a, 't, 'e>;

pub(super) fn module() -> Value {
    super::module(
        &[
            ("accumulate", accumulate),
            ("chain", chain),
            ("combinations", combinations),
            ("combinations_with_replacement", combinations_with_replacement),
            ("compress", compress),
            ("count", count),
            ("cycle", cycle),
            ("islice", islice),
            ("permutations", permutations),
            ("product", product),
            ("repeat", repeat),
            ("starmap", starmap),
            ("tee", tee),
            ("zip_longest", zip_longest),
        ],
        Vec::new(),
    )
}

fn finite(name: &'static str, items: Vec<Value>) -> Eval<Value> {
    Ok(generator(name, items.into_iter()))
}

fn accumulate(interp: &mut Context<'_, '_, '_>, args: &Args) -> Eval<Value> {
    let [iterable, function, initial] = args.bind("accumulate", ["iterable", "func", "initial"], 1)?;
    let function = function.filter(|function| !function.is_none());
    let mut total = initial.filter(|initial| !initial.is_none());
    let mut out: Vec<Value> = total.iter().cloned().collect();
    for item in iterate(&iterable.unwrap_or_default())? {
        let next = match (&total, &function) {
            (None, _) => item,
            (Some(total), None) => ops::binary(BinOp::Add, total, &item)?,
            (Some(total), Some(function)) => interp.call(function, Args::new(vec![total.clone(), item]))?,
        };
        out.push(next.clone());
        total = Some(next);
    }
    finite("itertools.accumulate", out)
}

fn chain(_: &mut Context<'_, '_, '_>, args: &Args) -> Eval<Value> {
    let iterators: Eval<Vec<Iter>> = args.pos.iter().map(iterate).collect();
    Ok(generator("itertools.chain", iterators?.into_iter().flatten()))
}

/// More selections than any template needs.
const MAX_SELECTIONS: usize = 1_000_000;

fn check(count: usize) -> Eval<()> {
    match count {
        0..=MAX_SELECTIONS => Ok(()),
        _ => Err(raise(ErrorKind::Limit, "the iterable has too many items")),
    }
}

/// All selections of `size` positions out of `count`, in order, where `allows` says what may follow what.
fn select(count: usize, size: usize, allows: fn(&[usize], usize) -> bool) -> Eval<Vec<Vec<usize>>> {
    let mut out: Vec<Vec<usize>> = vec![Vec::new()];
    for _ in 0..size {
        let mut longer = Vec::new();
        for chosen in &out {
            let next = (0..count).filter(|at| allows(chosen, *at));
            longer.extend(next.map(|at| [&chosen[..], &[at]].concat()));
            check(longer.len())?;
        }
        out = longer;
        if out.is_empty() {
            break;
        }
    }
    Ok(out)
}

fn pick(items: &[Value], positions: &[Vec<usize>]) -> Vec<Value> {
    positions.iter().map(|chosen| tuple(chosen.iter().map(|at| items[*at].clone()).collect())).collect()
}

fn size(value: Option<Value>) -> Eval<usize> {
    let size = need_int(&value.unwrap_or_default())?;
    usize::try_from(size).map_err(|_| value_error("r must be non-negative"))
}

fn combinations(_: &mut Context<'_, '_, '_>, args: &Args) -> Eval<Value> {
    let [iterable, r] = args.bind("combinations", ["iterable", "r"], 2)?;
    let items = collect(&iterable.unwrap_or_default())?;
    finite(
        "itertools.combinations",
        pick(&items, &select(items.len(), size(r)?, |chosen, at| chosen.last().is_none_or(|last| *last < at))?),
    )
}

fn combinations_with_replacement(_: &mut Context<'_, '_, '_>, args: &Args) -> Eval<Value> {
    let [iterable, r] = args.bind("combinations_with_replacement", ["iterable", "r"], 2)?;
    let items = collect(&iterable.unwrap_or_default())?;
    finite(
        "itertools.combinations_with_replacement",
        pick(&items, &select(items.len(), size(r)?, |chosen, at| chosen.last().is_none_or(|last| *last <= at))?),
    )
}

fn permutations(_: &mut Context<'_, '_, '_>, args: &Args) -> Eval<Value> {
    let [iterable, r] = args.bind("permutations", ["iterable", "r"], 1)?;
    let items = collect(&iterable.unwrap_or_default())?;
    let length = match r.filter(|r| !r.is_none()) {
        Some(r) => size(Some(r))?,
        None => items.len(),
    };
    let positions = select(items.len(), length, |chosen, at| !chosen.contains(&at))?;
    finite("itertools.permutations", pick(&items, &positions))
}

fn product(_: &mut Context<'_, '_, '_>, args: &Args) -> Eval<Value> {
    let repeat = int_or(args.keyword("repeat").cloned(), 1)?.max(0) as usize;
    let pools: Eval<Vec<Vec<Value>>> = args.pos.iter().map(collect).collect();
    let mut out: Vec<Vec<Value>> = vec![Vec::new()];
    for pool in std::iter::repeat_n(pools?, repeat).flatten() {
        check(out.len().saturating_mul(pool.len()))?;
        out = out
            .iter()
            .flat_map(|head| pool.iter().map(move |item| [&head[..], std::slice::from_ref(item)].concat()))
            .collect();
    }
    finite("itertools.product", out.into_iter().map(tuple).collect())
}

fn compress(_: &mut Context<'_, '_, '_>, args: &Args) -> Eval<Value> {
    let [data, selectors] = args.bind("compress", ["data", "selectors"], 2)?;
    let (data, selectors) = (iterate(&data.unwrap_or_default())?, iterate(&selectors.unwrap_or_default())?);
    Ok(generator("itertools.compress", data.zip(selectors).filter(|(_, keep)| truthy(keep)).map(|(item, _)| item)))
}

fn count(_: &mut Context<'_, '_, '_>, args: &Args) -> Eval<Value> {
    let [start, step] = args.bind("count", ["start", "step"], 0)?;
    let step = step.unwrap_or_else(|| Value::from(1));
    let mut next = start.unwrap_or_else(|| Value::from(0));
    ops::binary(BinOp::Add, &next, &step)?;
    Ok(generator(
        "itertools.count",
        std::iter::from_fn(move || {
            let after = ops::binary(BinOp::Add, &next, &step).ok()?;
            Some(std::mem::replace(&mut next, after))
        }),
    ))
}

fn cycle(_: &mut Context<'_, '_, '_>, args: &Args) -> Eval<Value> {
    let items = collect(&args.one("cycle", "iterable")?)?;
    Ok(generator("itertools.cycle", items.into_iter().cycle()))
}

fn repeat(_: &mut Context<'_, '_, '_>, args: &Args) -> Eval<Value> {
    let [object, times] = args.bind("repeat", ["object", "times"], 1)?;
    let object = object.unwrap_or_default();
    let times = match times {
        Some(times) => need_int(&times)?.max(0) as usize,
        None => usize::MAX,
    };
    Ok(generator("itertools.repeat", std::iter::repeat_n(object, times)))
}

fn islice(_: &mut Context<'_, '_, '_>, args: &Args) -> Eval<Value> {
    let Some((iterable, bounds)) = args.pos.split_first() else {
        return Err(arguments("islice expected at least 2 arguments, got 0"));
    };
    let bound = |value: &Value| -> Eval<Option<usize>> {
        if value.is_none() {
            return Ok(None);
        }
        let number = need_int(value)?;
        usize::try_from(number)
            .map(Some)
            .map_err(|_| value_error("Indices for islice() must be None or an integer: 0 <= x <= sys.maxsize."))
    };
    let (start, stop, step) = match bounds {
        [stop] => (None, bound(stop)?, None),
        [start, stop] => (bound(start)?, bound(stop)?, None),
        [start, stop, step] => (bound(start)?, bound(stop)?, bound(step)?),
        _ => return Err(arguments(format!("islice expected at least 2 arguments, got {}", args.pos.len()))),
    };
    let (start, stop, step) = (start.unwrap_or(0), stop.unwrap_or(usize::MAX), step.unwrap_or(1));
    if step == 0 {
        return Err(value_error("Step for islice() must be a positive integer or None."));
    }
    let items = iterate(iterable)?.skip(start).take(stop.saturating_sub(start)).step_by(step);
    Ok(generator("itertools.islice", items))
}

fn starmap(interp: &mut Context<'_, '_, '_>, args: &Args) -> Eval<Value> {
    let [function, iterable] = args.bind("starmap", ["function", "iterable"], 2)?;
    let function = function.unwrap_or_default();
    let mut out = Vec::new();
    for item in iterate(&iterable.unwrap_or_default())? {
        out.push(interp.call(&function, Args::new(collect(&item)?))?);
    }
    finite("itertools.starmap", out)
}

fn tee(_: &mut Context<'_, '_, '_>, args: &Args) -> Eval<Value> {
    let [iterable, n] = args.bind("tee", ["iterable", "n"], 1)?;
    let items = collect(&iterable.unwrap_or_default())?;
    let copies = int_or(n, 2)?.clamp(0, 1000);
    Ok(tuple((0..copies).map(|_| generator("itertools._tee", items.clone().into_iter())).collect()))
}

fn zip_longest(_: &mut Context<'_, '_, '_>, args: &Args) -> Eval<Value> {
    let fill = args.keyword("fillvalue").cloned().unwrap_or_else(|| Value::from(()));
    let columns: Eval<Vec<Vec<Value>>> = args.pos.iter().map(collect).collect();
    let columns = columns?;
    let rows = columns.iter().map(Vec::len).max().unwrap_or(0);
    let row = |at: usize| tuple(columns.iter().map(|column| column.get(at).unwrap_or(&fill).clone()).collect());
    finite("itertools.zip_longest", (0..rows).map(row).collect())
}
