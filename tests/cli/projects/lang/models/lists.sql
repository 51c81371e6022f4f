{%- set xs = [3, 1] -%}
{%- do xs.append(2) -%}{%- do xs.extend([5, 4]) -%}{%- do xs.insert(0, 9) -%}
{%- set popped = xs.pop() -%}
{%- set d = {'a': 1} -%}
{%- do d.update({'b': 2}) -%}{%- set was = d.setdefault('c', 7) -%}{%- set gone = d.pop('a') -%}
{%- set ns = namespace(total=0, words=[]) -%}
{%- for x in xs -%}{%- set ns.total = ns.total + x -%}{%- do ns.words.append(x ~ '') -%}{%- endfor -%}
{%- set a, b = (1, 'two') -%}
select
    {{ literal(xs) }} as xs, {{ popped }} as popped, {{ literal(xs | sort(reverse=true)) }} as sorted,
    {{ literal(d) }} as d, {{ was }} as was, {{ gone }} as gone, {{ ns.total }} as total, {{ literal(ns.words | join('+')) }} as words,
    {{ literal(xs[1:3]) }} as sliced, {{ literal(xs[-1]) }} as last, {{ a }} as a, {{ literal(b) }} as b,
    {{ literal(d.items() | list) }} as items, {{ literal(d.keys() | list) }} as keys, {{ literal(zip([1, 2], ['a', 'b']) | list) }} as zipped,
    {{ literal(set([1, 1, 2]) | list | length) }} as uniq, {{ literal('b' in d) }} as has_b, {{ literal(d.get('zz', 'none')) }} as missing,
    {{ literal([1, none, 'x', 2.5, true, {'k': [1]}, (1,)]) }} as shown, {{ literal({} or 'empty') }} as falsy,
    {{ literal([[2, 'b'], [1, 'a']] | sort | map('last') | list) }} as mapped,
    {{ literal(range(10) | select('odd') | reject('equalto', 5) | sum) }} as odds,
    {{ literal([{'n': 'p', 'v': 1}, {'n': 'q', 'v': 2}] | selectattr('v', 'gt', 1) | map(attribute='n') | first) }} as attr,
    {{ literal(range(7) | batch(3) | list) }} as batched, {{ literal(['a', 'b', 'a'] | unique | list) }} as uniques,
    {{ literal([{'g': 1, 'x': 2}, {'g': 1, 'x': 3}, {'g': 2, 'x': 4}] | groupby('g') | map('first') | list) }} as grouped
