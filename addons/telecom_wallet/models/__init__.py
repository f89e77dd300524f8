from . import telecom_billing_account, telecom_wallet, telecom_wallet_entry
