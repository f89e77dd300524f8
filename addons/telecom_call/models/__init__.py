from . import telecom_billing_account, telecom_call_charge, telecom_call_record, telecom_carrier_ledger
