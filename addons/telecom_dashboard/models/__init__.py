from . import ir_http, telecom_billing_account, telecom_dashboard
