from . import telecom_billing_account, telecom_spend_lock
