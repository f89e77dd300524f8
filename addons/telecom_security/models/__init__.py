from . import ir_http, res_users, res_users_apikeys, telecom_login_failure
