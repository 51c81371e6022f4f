#!/usr/bin/env python3
"""Writes random templates and what dbt's Jinja2 makes of them, to look for differences that nobody thought of.

    python random_cases.py FOLDER [--seed N] [--count N]
    KARAT_SUITE=FOLDER cargo nextest run --workspace -E 'test(renders_as_dbt_does)'

Run it with a Python that has dbt-core. The same seed gives the same templates. What is found and mended becomes a
case of the suite.
"""

import argparse
import pathlib
import random

import yaml

import generate

NUMBERS = "0 1 2 3 -1 7 10 100 -5 12345678901234567890 0.5 1.0 2.5 -1.25 3.14159 1e3 1e20 0.1 100.0 1.5e-7".split()
TEXTS = [
    "''", "'a'", "'abc'", "'Hello World'", "'a,b,c'", "' pad '", "'12'", "'3.5'", "'True'", "'ünïcode'", "'a\\nb'",
    "'x\\ty'", "'it\\'s'", "'%s-%d'", "'{}'", "'UPPER lower'", "'a_b_c'", "'<b>&'",
]
METHODS = {
    "text": """upper() lower() strip() title() capitalize() swapcase() split(',') split() replace('a','b') startswith('a')
        endswith('c') find('b') count('a') zfill(5) rjust(8) ljust(8,'*') center(9,'-') isdigit() isalpha() isupper()
        islower() isspace() splitlines() partition(',') rsplit(',',1) lstrip('a') rstrip('c') join(['x','y']) format(1)
        index('a') rfind('a') expandtabs(4) casefold() removeprefix('a') removesuffix('c') format('x','y')""".split(),
    "list": "index(1) count(1) copy()".split(),
    "map": "keys() values() items() get('a') get('q',5) copy() values()|list items()|list".split(),
}
FILTERS = {
    "number": """abs round round(1) round(2,'floor') round(1,'ceil') round(-1) int float string default(1) tojson
        filesizeformat as_text pprint round(0)|int upper list""".split(),
    "text": """upper lower trim title capitalize length replace('a','z') reverse list first last int float string wordcount
        truncate(5) truncate(5,true,'..') center(12) indent(2) default('d',true) urlencode escape striptags wordwrap(5)
        tojson sort unique|list batch(2)|list slice(2)|list join('-') pprint int(7) int(0,16) min max
        map('upper')|list select|list""".split(),
    "list": """length first last sum min max sort sort(reverse=true) unique|list reverse|list join(',') batch(3,'x')|list
        slice(3,'f')|list map('string')|list select('odd')|list reject('none')|list select('string')|list tojson string
        select('greaterthan',1)|list map('upper')|join map('int')|list sum(start=10) select('in',[1,2])|list pprint
        groupby(0)|list rejectattr('a')|list map(attribute='a',default=0)|list""".split(),
    "map": "dictsort dictsort(by='value') dictsort(reverse=true) length list items|list tojson join(',') string pprint".split(),
    "rows": """map(attribute='n')|list sum(attribute='n') sort(attribute='n') sort(attribute='g,n') groupby('g')|list
        selectattr('n','gt',1)|list rejectattr('g','equalto','a')|list unique(attribute='g')|list max(attribute='n')
        map(attribute='g')|join('/') selectattr('q','defined')|list groupby('g')|map(attribute='list')|list
        join(',',attribute='n') sort(attribute='n',reverse=True)|map(attribute='n')|list""".split(),
}
TESTS = """defined undefined none string number integer float boolean mapping sequence iterable odd even divisibleby(2) lower
    upper true false eq(1) equalto('a') ne(2) lt(3) gt(1) ge(1) le(1) in([1,'a']) sameas(none)""".split()
OPERANDS = ["2", "3", "-2", "0.5", "1", "7", "4"]
PARTS = ["[0]", "[-1]", "[1:]", "[::-1]", "[:2]", "[::2]", "[1:3]", "[5]", "[-3:-1]"]
LOOPS = [
    "{{ loop.index }}:{{ x }};", "{{ x }}{{ ',' if not loop.last }}", "{% if loop.first %}[{% endif %}{{ loop.revindex0 }}",
    "{{ loop.cycle('a', 'b') }}{{ loop.previtem }}{{ loop.nextitem }}", "{{ loop.changed(x) }}",
    "{%- set y = x -%} {{ y }} ", "{% for i in [1, 2] %}{{ loop.depth }}{{ i }}{% endfor %}",
]
USES = ["{{ v }}", "{{ v | tojson }}", "{{ v | string | length }}", "{{ [v] }}", "{{ {'k': v} }}", "{{ (v, 1) }}"]
KINDS = ["number", "number", "text", "text", "list", "map", "rows", "other"]


class Templates:
    def __init__(self, seed):
        self.random = random.Random(seed)

    def pick(self, items):
        return self.random.choice(items)

    def atom(self, kind, depth=0):
        several = range(self.random.randint(0, 4))
        match kind:
            case "number":
                return self.pick(NUMBERS)
            case "text":
                return self.pick(TEXTS)
            case "list":
                items = ", ".join(self.expression(self.pick(["number", "text", "other", "list"]), depth + 1) for _ in several)
                return f"[{items}]"
            case "map":
                return "{" + ", ".join(f"'{self.pick('abkz')}': {self.expression('number', depth + 1)}" for _ in several) + "}"
            case "rows":
                return "[" + ", ".join(f"{{'n': {self.pick(NUMBERS[:8])}, 'g': {self.pick(TEXTS[:4])}}}" for _ in several) + "]"
            case _:
                return self.pick(["true", "false", "none", "(1, 'a')"])

    def expression(self, kind, depth=0):
        if depth >= 3 or self.random.random() < 0.25:
            return self.atom(kind, depth)
        forms = [lambda: f"({self.expression(kind, depth + 1)} | {self.pick(FILTERS.get(kind, ['string', 'tojson']))})"]
        if kind in METHODS:
            forms.append(lambda: f"{self.atom(kind, depth)}.{self.pick(METHODS[kind])}")
        if kind in ("text", "list"):
            forms.append(lambda: f"{self.atom(kind, depth)}{self.pick(PARTS)}")
        if kind == "text":
            forms.append(lambda: f"({self.expression(self.pick(KINDS), depth + 1)} ~ {self.expression(self.pick(KINDS), depth + 1)})")
        if kind == "number":
            operator = self.pick(["+", "-", "*", "/", "//", "%", "**"])
            forms.append(lambda: f"({self.expression(kind, depth + 1)} {operator} {self.pick(OPERANDS)})")
        if kind == "other":
            comparison = self.pick(["==", "!=", "<", ">=", "in", "not in"])
            forms.append(lambda: f"({self.expression(self.pick(KINDS), depth + 1)} is {self.pick(TESTS)})")
            forms.append(lambda: f"({self.expression(self.pick(KINDS), depth + 1)} {comparison} {self.expression(self.pick(KINDS), depth + 1)})")
        return self.pick(forms)()

    def template(self):
        value = self.expression(self.pick(KINDS))
        match self.random.randint(0, 9):
            case 0:
                return "{% for x in " + value + " %}" + self.pick(LOOPS) + "{% else %}none{% endfor %}"
            case 1:
                return "{% set v = " + value + " %}" + self.pick(USES)
            case 2:
                return "{{ " + f"{value} if {self.expression('other', 2)} else {self.expression(self.pick(KINDS), 2)}" + " }}"
            case 3:
                return "{{ " + f"{value} {self.pick(['and', 'or'])} {self.expression(self.pick(KINDS), 2)}" + " }}"
            case _:
                return "{{ " + value + " }}"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--count", type=int, default=1000)
    options = parser.parse_args()
    for name in ("cases", "expected"):
        (options.folder / name).mkdir(parents=True, exist_ok=True)
    (options.folder / "KNOWN").touch()
    templates = Templates(options.seed)
    cases = [{"name": f"seed{options.seed}_{i}", "template": templates.template()} for i in range(options.count)]
    (options.folder / "cases/random.yml").write_text(yaml.safe_dump(cases, allow_unicode=True))
    generate.record(options.folder)


if __name__ == "__main__":
    main()
