select * from {{ ref('late') }}
