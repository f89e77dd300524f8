from . import telecom_allowance_give, telecom_allowance_reversal
