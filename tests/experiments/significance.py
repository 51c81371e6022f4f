#!/usr/bin/env python3
"""Writes significance.csv and significance.json: samples, and what SciPy finds in them; and distributions.json, SciPy's
probabilities at some points.

    python3 -m venv venv
    venv/bin/pip install scipy
    venv/bin/python tests/experiments/significance.py

The suite compares the macros of examples/experiments/macros/significance with the files, on Postgres and on DuckDB; it needs
no SciPy itself.
"""

import csv
import json
import math
import pathlib
import random

from scipy import stats

HERE = pathlib.Path(__file__).parent

# name: (size of each group, chance of success, distribution of the value)
SAMPLES = {
    "alike": ((400, 400, 380), (0.30, 0.30, 0.31), lambda r, i: r.gauss(100, 15)),
    "shifted": ((500, 350, 90), (0.30, 0.38, 0.22), lambda r, i: r.gauss(100 + 3 * i, 15 + 10 * i)),
    "far_apart": ((900, 900, 900), (0.10, 0.60, 0.95), lambda r, i: r.gauss(10 + 8 * i, 2 + i)),
    "tied": ((250, 260, 40), (0.5, 0.45, 0.6), lambda r, i: r.choice([1, 2, 2, 3, 3, 3, 4, 5][: 8 - 2 * i])),
    "skewed": ((300, 310, 305), (0.02, 0.05, 0.01), lambda r, i: round(math.exp(r.gauss(6 + 0.1 * i, 1)), 3)),
    "tiny": ((3, 2, 4), (0.5, 0.5, 0.5), lambda r, i: r.gauss(i, 1)),
    "large_values": ((60, 70, 80), (0.9, 0.8, 0.7), lambda r, i: 1e6 + r.gauss(2 * i, 5)),
}
VARIANTS = ["control", "a", "b"]
CATEGORIES = ["none", "one", "few", "many", "all"]


def samples():
    random_source = random.Random(20250101)
    for name, (sizes, rates, value) in SAMPLES.items():
        for index, (variant, size, rate) in enumerate(zip(VARIANTS, sizes, rates)):
            for row in range(size):
                # Some observations are not known.
                number = None if size > 10 and row % 41 == 7 else round(value(random_source, index), 4)
                chosen = random_source.choices(CATEGORIES, [5, 4 + index, 3, 2, 1 + index / 2])[0]
                yield name, variant, number, random_source.random() < rate, chosen


def two_proportion_z(control, treatment):
    n, m = len(control), len(treatment)
    p, q = sum(control) / n, sum(treatment) / m
    pooled = (sum(control) + sum(treatment)) / (n + m)
    spread = math.sqrt(pooled * (1 - pooled) * (1 / n + 1 / m))
    if spread == 0:
        return p, q, None, None, None
    z = (q - p) / spread
    return p, q, z, None, 2 * stats.norm.sf(abs(z))


def chi_square(control, treatment):
    categories = sorted(set(control) | set(treatment))
    table = [[group.count(category) for category in categories] for group in (control, treatment)]
    found = stats.chi2_contingency(table, correction=False)
    shares = [(t / len(treatment), c / len(control)) for c, t in zip(*table)]
    t, c = max(shares, key=lambda share: abs(share[0] - share[1]))
    return c, t, found.statistic, found.dof, found.pvalue


def welch_t(control, treatment):
    found = stats.ttest_ind(treatment, control, equal_var=False)
    return sum(control) / len(control), sum(treatment) / len(treatment), found.statistic, found.df, found.pvalue


def mann_whitney_u(control, treatment):
    found = stats.mannwhitneyu(treatment, control, method="asymptotic", use_continuity=True, alternative="two-sided")
    medians = [sorted(group) for group in (control, treatment)]
    c, t = [(group[(len(group) - 1) // 2] + group[len(group) // 2]) / 2 for group in medians]
    return c, t, found.statistic, None, found.pvalue


TESTS = [(two_proportion_z, 3), (chi_square, 4), (welch_t, 2), (mann_whitney_u, 2)]


def main():
    rows = list(samples())
    with open(HERE / "significance.csv", "w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["sample", "variant", "value", "success", "category"])
        for name, variant, number, success, category in rows:
            writer.writerow([name, variant, "" if number is None else repr(number), str(success).lower(), category])
    expected = []
    for name in SAMPLES:
        for variant in VARIANTS[1:]:
            for test, column in TESTS:
                groups = [
                    [row[column] for row in rows if row[:2] == (name, group) and row[column] is not None]
                    for group in ("control", variant)
                ]
                control, treatment, statistic, df, p = test(*groups)
                figures = [control, treatment, statistic, df, p]
                expected.append(
                    {"sample": name, "test": test.__name__, "variant": variant}
                    | {"control_count": len(groups[0]), "treatment_count": len(groups[1])}
                    | dict(zip(["control", "treatment", "statistic", "degrees_of_freedom", "p_value"],
                               [None if figure is None else float(figure) for figure in figures]))
                )
    write("significance.json", expected)
    write("distributions.json", list(distributions()))


def distributions():
    """Probabilities down to 1e-280."""
    points = [0, 1e-7, 0.01, 0.3, 1, 1.96, 2.5758, 4, 7.5, 12, 20, 35]
    for x in points + [-x for x in points[1:]]:
        yield {"function": "normal_sf", "x": x, "df": None, "value": stats.norm.sf(x)}
        yield {"function": "normal_cdf", "x": x, "df": None, "value": stats.norm.cdf(x)}
        yield {"function": "normal_two_sided", "x": x, "df": None, "value": 2 * stats.norm.sf(abs(x))}
        for df in [1, 1.5, 2, 3.25, 8, 29.7, 120, 1234.5, 1e5, 1e8]:
            yield {"function": "student_t_two_sided", "x": x, "df": df, "value": 2 * stats.t.sf(abs(x), df)}
    for df in [1, 2, 3, 4, 5, 10, 31, 100, 500, 2000]:
        for x in [0, 1e-6, 0.05, 1, 3.84, 12, 40, df / 2, df, 1.2 * df, 3 * df]:
            yield {"function": "chi_square_sf", "x": x, "df": df, "value": stats.chi2.sf(x, df)}


def write(name, rows):
    rows = [{key: plain(value) for key, value in row.items()} for row in rows]
    (HERE / name).write_text("[\n" + ",\n".join(map(json.dumps, rows)) + "\n]\n")


def plain(value):
    """A figure without NumPy's type."""
    return value.item() if hasattr(value, "dtype") else value


if __name__ == "__main__":
    main()
