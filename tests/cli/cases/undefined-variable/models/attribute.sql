select '{{ target.nmae }}' as a, '{{ this.schema.foo.bar }}' as x
