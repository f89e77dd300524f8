from . import telecom_rate_plan
