select {{ ref('a')
from t
