from . import telecom_wallet
from . import telecom_wallet_entry
from . import telecom_billing_account
