from . import telecom_call_record
from . import telecom_call_charge
from . import telecom_billing_account
