{
    "name": "Telecom Spend Limit",
    "summary": "What an account may spend on one call, a day and a night; who reaches it is locked and told",
    "version": "19.0.1.0.0",
    "category": "Telecom",
    "license": "AGPL-3",
    "author": "Open Telecom BSS contributors",
    "depends": ["telecom_wallet"],
    "data": [
        "security/ir.model.access.csv",
        "security/telecom_spend_lock_rules.xml",
        "data/mail_template.xml",
        "data/ir_cron.xml",
        "views/telecom_spend_lock_views.xml",
        "views/telecom_billing_account_views.xml",
    ],
}
