from . import ir_http, telecom_billing_account, telecom_number, telecom_price_and_route, telecom_price_import
