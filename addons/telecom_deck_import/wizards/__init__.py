from . import telecom_price_export
