from . import (
    telecom_billing_account,
    telecom_phone,
    telecom_service_class,
    telecom_service_class_page,
    telecom_service_rule,
)
