select 'old' as word, '{{ model.version }}' as v, '{{ this }}' as this
