select '{{ var("scale") }}' as scale, '{{ var("only_tools") }}' as only_tools, '{{ var("of_tools") }}' as of_tools,
       '{{ var("everywhere") }}' as everywhere, {{ which() }} as which, {{ shared_name() }} as shared_name,
       '{{ this.schema }}' as schema, '{{ project_name }}' as project_name, '{{ model.package_name }}' as package_name,
       {{ unit() }} as unit
