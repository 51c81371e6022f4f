select 1 as id, '{{ label("y") }}' as label, '{{ var("everywhere") }}' as everywhere, '{{ var("shadowed") }}' as shadowed,
  '{{ var("package_default") }}' as package_default, {{ var("only_for_tools") }} as only_for, '{{ var("own_scope") }}' as own_scope,
  '{{ greet() }}' as greeting, '{{ overridden_in_root() }}' as overridden, '{{ project_name }}' as project
