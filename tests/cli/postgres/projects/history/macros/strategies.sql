{% macro snapshot_by_amount_strategy(node, snapshotted_rel, current_rel, model_config, target_exists) %}
{% set key = config.get('unique_key') %}
{% set updated_at = config.get('updated_at') %}
{% do return({
    'unique_key': key,
    'updated_at': updated_at,
    'row_changed': current_rel ~ '."Colour" is distinct from ' ~ snapshotted_rel ~ '."Colour"',
    'scd_id': snapshot_hash_arguments([key, updated_at, "'own'"]),
    'invalidate_hard_deletes': true,
    'hard_deletes': 'invalidate',
}) %}
{% endmacro %}
