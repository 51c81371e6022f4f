{{ config(tags=[var('began')]) }}
select '{{ var("began") }}' as began, {{ var('plain') }} as plain, '{{ var("twice") }}' as twice, '{{ var("nested").a }}' as nested,
    '{{ var("absent", "{{ as it is }}") }}' as absent
