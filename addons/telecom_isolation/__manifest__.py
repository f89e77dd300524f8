{
    "name": "Telecom Isolation",
    "summary": "Tenants are blind to each other in Odoo's own models too",
    "version": "19.0.1.0.0",
    "category": "Telecom",
    "license": "AGPL-3",
    "author": "Open Telecom BSS contributors",
    "depends": ["telecom_base", "account_payment", "analytic", "auth_signup", "digest", "product", "resource", "utm"],
    "data": [
        "data/discuss_channel.xml",
        "security/people_rules.xml",
        "security/ledger_rules.xml",
        "security/talk_rules.xml",
        "security/settings_rules.xml",
        "security/shared_rules.xml",
    ],
    "post_init_hook": "post_init_hook",
}
