from . import telecom_wallet_reversal, telecom_wallet_topup
