from . import telecom_wallet_topup
from . import telecom_wallet_reversal
