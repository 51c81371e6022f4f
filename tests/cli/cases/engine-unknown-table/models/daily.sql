select *
from main.ordrs
