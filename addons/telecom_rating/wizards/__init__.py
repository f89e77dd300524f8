from . import telecom_rate_preview
from . import telecom_price_list_line
