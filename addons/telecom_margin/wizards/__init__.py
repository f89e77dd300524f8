from . import telecom_margin_line
