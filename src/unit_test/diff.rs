//! What a model gave, compared with what was expected: as bags of rows.

use std::collections::HashMap;

use karat_adapters::Cell;

/// Rows of one side.
pub type Rows = Vec<Vec<Cell>>;

/// How many rows that are as expected are shown around the others.
const CONTEXT: usize = 10;
/// Beyond this many pairs of rows nobody looks for the nearest.
const MOST_PAIRS: usize = 250_000;

/// How two bags of rows differ.
#[derive(Debug, Clone, PartialEq)]
pub struct Diff {
    columns: Vec<String>,
    same: Vec<Vec<String>>,
    /// What was expected and what came.
    changed: Vec<(Vec<String>, Vec<String>)>,
    surplus: Vec<Vec<String>>,
    missing: Vec<Vec<String>>,
}

/// Compares; `None` where both have the same rows, in whatever order.
pub fn compare(columns: &[String], actual: Rows, expected: Rows) -> Option<Diff> {
    let text = |rows: Rows| -> Vec<Vec<String>> {
        let mut rows: Vec<Vec<Cell>> = rows;
        rows.sort_by_cached_key(|row| row.iter().map(|c| (c.is_null(), order(c))).collect::<Vec<_>>());
        rows.iter().map(|row| row.iter().map(shown).collect()).collect()
    };
    let (actual, mut left) = (text(actual), counted(&text(expected.clone())));
    let (mut same, mut surplus) = (Vec::new(), Vec::new());
    for row in actual {
        match left.get_mut(&row).filter(|n| **n > 0) {
            Some(count) => {
                *count -= 1;
                same.push(row);
            }
            None => surplus.push(row),
        }
    }
    let mut missing = Vec::new();
    for row in text(expected).into_iter().rev() {
        if let Some(count) = left.get_mut(&row).filter(|n| **n > 0) {
            *count -= 1;
            missing.insert(0, row);
        }
    }
    if surplus.is_empty() && missing.is_empty() {
        return None;
    }
    let changed = pair(&mut missing, &mut surplus);
    Some(Diff { columns: columns.to_vec(), same, changed, surplus, missing })
}

fn counted(rows: &[Vec<String>]) -> HashMap<Vec<String>, usize> {
    let mut counts = HashMap::new();
    for row in rows {
        *counts.entry(row.clone()).or_default() += 1;
    }
    counts
}

/// A key that puts numbers in their order, and all else by its text.
fn order(cell: &Cell) -> (i64, String) {
    let number = match cell {
        Cell::Int(n) => Some(*n as f64),
        Cell::Float(n) => Some(*n),
        Cell::Decimal(text) => text.parse().ok(),
        _ => None,
    };
    let bits = number.map_or(0, |n| {
        let bits = n.to_bits().cast_signed();
        if bits < 0 { i64::MIN.wrapping_sub(bits) } else { bits }
    });
    (bits, cell.to_string())
}

fn shown(cell: &Cell) -> String {
    match cell {
        Cell::Null => "null".to_owned(),
        Cell::Text(text) if text == "null" || text.is_empty() || text.trim() != text => format!("{text:?}"),
        Cell::Text(text) if text.contains('\n') => text.replace('\n', "\\n"),
        other => other.to_string(),
    }
}

/// Takes the rows out that are nearly the same: the most alike first.
fn pair(missing: &mut Vec<Vec<String>>, surplus: &mut Vec<Vec<String>>) -> Vec<(Vec<String>, Vec<String>)> {
    if missing.len() * surplus.len() > MOST_PAIRS {
        return Vec::new();
    }
    let mut pairs: Vec<(usize, usize, usize)> = Vec::new();
    for (m, wanted) in missing.iter().enumerate() {
        for (s, found) in surplus.iter().enumerate() {
            let alike = wanted.iter().zip(found).filter(|(a, b)| a == b && *a != "null").count();
            if alike > 0 {
                pairs.push((alike, m, s));
            }
        }
    }
    pairs.sort_by_key(|(alike, m, s)| (std::cmp::Reverse(*alike), *m, *s));
    let (mut of_missing, mut of_surplus) = (vec![None; missing.len()], vec![false; surplus.len()]);
    for (_, m, s) in pairs {
        if of_missing[m].is_none() && !of_surplus[s] {
            of_missing[m] = Some(s);
            of_surplus[s] = true;
        }
    }
    let found: Vec<_> =
        of_missing.iter().enumerate().filter_map(|(m, s)| Some((missing[m].clone(), surplus[(*s)?].clone()))).collect();
    let mut at = of_missing.iter();
    missing.retain(|_| at.next().is_some_and(Option::is_none));
    let mut at = of_surplus.iter();
    surplus.retain(|_| at.next() == Some(&false));
    found
}

impl Diff {
    /// The table that people read. The first column tells of each row what it is: nothing special, `→` one with other
    /// values (`expected→actual`), `+++` one that was not expected, `---` one that did not come.
    pub fn render(&self) -> String {
        let mut lines = vec![("@@ ", self.columns.clone())];
        let (shown, more) = self.same.split_at(self.same.len().min(CONTEXT));
        lines.extend(shown.iter().map(|row| ("   ", row.clone())));
        if !more.is_empty() {
            let mut dots = vec![String::new(); self.columns.len()];
            dots[0] = format!("({} more rows as expected)", more.len());
            lines.push(("...", dots));
        }
        lines.extend(self.changed.iter().map(|(wanted, found)| ("→  ", arrows(wanted, found))));
        lines.extend(self.surplus.iter().map(|row| ("+++", row.clone())));
        lines.extend(self.missing.iter().map(|row| ("---", row.clone())));
        let widths: Vec<usize> = (0..self.columns.len())
            .map(|at| {
                let cells = lines.iter().filter(|(mark, _)| *mark != "...").map(|(_, row)| row[at].chars().count());
                cells.max().unwrap_or(0)
            })
            .collect();
        let line = |(mark, row): &(&str, Vec<String>)| {
            let cells: Vec<String> = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}")).collect();
            match *mark {
                "..." => format!("... {}", row[0]),
                mark => format!("{mark} {}", cells.join(" | ")).trim_end().to_owned(),
            }
        };
        lines.iter().map(line).collect::<Vec<_>>().join("\n")
    }
}

fn arrows(wanted: &[String], found: &[String]) -> Vec<String> {
    let cell = |(wanted, found): (&String, &String)| match wanted == found {
        true => wanted.clone(),
        false => format!("{wanted}→{found}"),
    };
    wanted.iter().zip(found).map(cell).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(texts: &[&[i128]]) -> Rows {
        texts.iter().map(|row| row.iter().map(|n| if *n < 0 { Cell::Null } else { Cell::Int(*n) }).collect()).collect()
    }

    fn compared(actual: &[&[i128]], expected: &[&[i128]]) -> Option<String> {
        let columns = ["id".to_owned(), "amount".to_owned()];
        compare(&columns, rows(actual), rows(expected)).map(|diff| diff.render())
    }

    #[test]
    fn order_does_not_count_and_number_does() {
        assert_eq!(compared(&[&[1, 2], &[3, 4]], &[&[3, 4], &[1, 2]]), None);
        assert_eq!(compared(&[&[1, -1]], &[&[1, -1]]), None);
        assert_eq!(
            compared(&[&[1, 2], &[1, 2]], &[&[1, 2]]).as_deref(),
            Some("@@  id | amount\n    1  | 2\n+++ 1  | 2")
        );
        assert_eq!(compared(&[], &[&[10, -1], &[9, 1]]).as_deref(), Some("@@  id | amount\n--- 9  | 1\n--- 10 | null"));
    }

    #[test]
    fn rows_that_are_alike_are_shown_as_one() {
        assert_eq!(
            compared(&[&[1, 20], &[2, 42], &[3, -1]], &[&[1, 20], &[2, 43], &[9, -1]]).as_deref(),
            Some("@@  id | amount\n    1  | 20\n→   2  | 43→42\n+++ 3  | null\n--- 9  | null")
        );
    }

    #[test]
    fn what_is_as_expected_is_cut_short() {
        let many: Vec<Vec<i128>> = (0..30).map(|n| vec![n, n]).collect();
        let many: Vec<&[i128]> = many.iter().map(Vec::as_slice).collect();
        let found = compared(&many, &many[1..]).unwrap();
        assert!(found.contains("\n... (19 more rows as expected)\n+++ 0  | 0"), "{found}");
    }
}
