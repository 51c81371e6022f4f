select 'é'
