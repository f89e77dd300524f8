from . import telecom_price_list_line, telecom_rate_preview
