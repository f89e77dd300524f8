{
    "name": "Telecom Fraud Rules",
    "summary": "Calls that look like an attack, to one number or to unusual countries, lock the account",
    "version": "19.0.1.0.0",
    "category": "Telecom",
    "license": "AGPL-3",
    "author": "Open Telecom BSS contributors",
    "depends": ["telecom_spend_limit", "telecom_rating"],
    "data": [
        "security/ir.model.access.csv",
        "security/telecom_fraud_rule_rules.xml",
        "data/ir_cron.xml",
        "views/telecom_fraud_rule_views.xml",
    ],
}
