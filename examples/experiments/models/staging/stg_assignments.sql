select experiment_id, unit_id, variant_id, assigned_at
from {{ source('exp', 'assignments') }}
