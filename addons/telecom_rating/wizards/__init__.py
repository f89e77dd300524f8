from . import telecom_plan_change, telecom_price_list_line, telecom_rate_preview
