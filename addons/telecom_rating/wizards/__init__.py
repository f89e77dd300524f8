from . import (
    telecom_holiday_import,
    telecom_number_test,
    telecom_plan_change,
    telecom_price_list_line,
    telecom_rate_preview,
)
