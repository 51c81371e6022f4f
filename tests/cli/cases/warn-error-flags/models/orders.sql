{% do exceptions.warn('careful') %} select 1 as x
