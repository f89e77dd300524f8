from . import (
    ir_attachment,
    price_target_mixin,
    telecom_carrier,
    telecom_price_change,
    telecom_price_import,
    telecom_price_import_apply,
    telecom_price_import_column,
    telecom_price_import_plan,
    telecom_price_import_problem,
    telecom_price_import_verify,
)
