from . import (
    base,
    changes,
    ir_http,
    res_users_apikeys,
    telecom_audit_line,
    telecom_price_import,
    telecom_wallet,
)
