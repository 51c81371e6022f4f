select count(*) as n, '{{ this.database }}' as db, '{{ this.schema }}' as s, '{{ this.identifier }}' as i from {{ ref('b') }}
