{
    "name": "Telecom Calls",
    "summary": "Call records and charges of every level, settled once",
    "version": "19.0.1.0.0",
    "category": "Telecom",
    "license": "AGPL-3",
    "author": "Open Telecom BSS contributors",
    "depends": ["telecom_wallet", "telecom_rating", "telecom_carrier", "telecom_pbx"],
    "data": [
        "security/ir.model.access.csv",
        "security/telecom_call_rules.xml",
        "data/ir_cron.xml",
        "views/telecom_call_charge_views.xml",
        "views/telecom_call_record_views.xml",
        "views/telecom_carrier_ledger_views.xml",
        "views/telecom_billing_account_views.xml",
        "views/telecom_call_menus.xml",
    ],
}
