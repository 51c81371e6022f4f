{%- set s = "  The quick  Brown fox " -%}
select
    {{ literal(s.strip().split()) }} as split, {{ literal(s | trim | title) }} as title, {{ literal(s.upper().count('O')) }} as counted,
    {{ literal('a,b,,c'.split(',', 1)) }} as once, {{ literal('x'.join(['1', '2'])) }} as joined, {{ literal("%s is %d%%" % ('a', 5)) }} as percent,
    {{ literal("{} {:>5} {x:.2f}".format('a', 'b', x=3.14159)) }} as formatted, {{ literal('abc'[::-1]) }} as backwards,
    {{ literal('Snake_Case'.lower().replace('_', '-').startswith('snake')) }} as starts, {{ literal('a' ~ 1 ~ none ~ true) }} as glued,
    {{ literal('x' * 3) }} as times, {{ literal(7 // 2 ~ ' ' ~ 7 % 3 ~ ' ' ~ 7 / 2 ~ ' ' ~ 2 ** 10 ~ ' ' ~ -7 // 2) }} as maths,
    {{ literal(1.0 ~ ' ' ~ 1e21 ~ ' ' ~ 0.1 + 0.2 | string) }} as floats, {{ literal('abc' | replace('b', 'X') | upper) }} as piped,
    {{ literal("it's" | e) }} as escaped, {{ literal('%05.1f' | format(3.14159)) }} as fmt, {{ literal(['b', 'A'] | sort(case_sensitive=true) | join) }} as cased,
    {{ literal('a b c' | wordcount) }} as wc, {{ literal('long text here' | truncate(8, true, '..')) }} as cut, {{ literal('x' | indent(2, true)) }} as ind,
    {{ literal('5' | int + 1) }} as five, {{ literal('q' | int(-1)) }} as minus, {{ literal(3.7 | round | int) }} as rounded, {{ literal(2.5 | round(1, 'floor')) }} as floored,
    {{ literal('1' if 1 is odd and 'a' is string and none is none and [] is sequence and {} is mapping else '0') }} as tests,
    {{ literal((1 < 2 < 3) ~ (1 == 1.0) ~ ('a' < 'b') ~ (not false)) }} as comps, {{ literal('ß'.encode('utf-8') | length) }} as bytes,
    {{ literal(tojson({'z': 1, 'a': [true, none]})) }} as j, {{ literal(fromjson('{"q": [1, {"r": null}]}').q[1]) }} as fj,
    {{ literal(toyaml({'a': [1, 'b']})) }} as y, {{ literal(fromyaml('a: [1, x]\nb: yes')) }} as fy, {{ literal(local_md5('hello')) }} as md
