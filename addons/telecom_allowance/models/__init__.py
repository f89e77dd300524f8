from . import (
    telecom_allowance,
    telecom_allowance_bucket,
    telecom_allowance_entry,
    telecom_billing_account,
    telecom_destination_group,
    telecom_rate_plan,
)
