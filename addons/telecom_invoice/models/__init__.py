# the run first: the others extend it
from . import telecom_billing_run  # isort: skip
from . import (
    account_move,
    account_move_line,
    telecom_billing_account,
    telecom_billing_run_work,
    telecom_call_charge,
    telecom_invoice_maker,
    telecom_invoice_schema,
    telecom_rerate_run,
)
