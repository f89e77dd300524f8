from . import (
    res_currency,
    telecom_billing_account,
    telecom_destination,
    telecom_destination_group,
    telecom_destination_prefix,
    telecom_plan_assignment,
    telecom_price_validity_mixin,
    telecom_rate,
    telecom_rate_plan,
    telecom_rate_plan_prices,
    telecom_rate_plan_warning,
)
