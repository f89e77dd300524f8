from . import ir_http, res_users, telecom_login_failure
