{{ config(materialized='pieces', pre_hook=[{'sql': note('outside'), 'transaction': false}, note('inside')],
    post_hook=[note('after'), {'sql': note('after commit'), 'transaction': false}]) }}
select 'a' as piece, 1 as n union all select 'b', 2 union all select 'a', 3
