{
    "name": "Telecom Security",
    "summary": "Log-in limits, time-outs, second factor, scopes of API keys, page headers, secrets kept out of logs",
    "version": "19.0.1.0.0",
    "category": "Telecom",
    "license": "AGPL-3",
    "author": "Open Telecom BSS contributors",
    "depends": [
        "telecom_base",
        "auth_password_policy",
        "auth_password_policy_portal",
        "auth_password_policy_signup",
        "auth_timeout",
        "auth_totp_mail",
        "auth_totp_portal",
    ],
    "data": [
        "security/ir.model.access.csv",
        "security/telecom_security_rules.xml",
        "data/res_groups.xml",
        "views/telecom_login_failure_views.xml",
        "views/res_users_apikeys_views.xml",
    ],
}
