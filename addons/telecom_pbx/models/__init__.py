from . import (
    telecom_billing_account,
    telecom_dial_target,
    telecom_number,
    telecom_phone,
    telecom_phone_forward,
    telecom_ring_group,
)
