select 'new' as word
