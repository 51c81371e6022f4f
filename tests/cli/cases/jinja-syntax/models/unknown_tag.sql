select 1
{% iff execute %}
from t
{% endif %}
