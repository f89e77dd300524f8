{
    "name": "Telecom PBX",
    "summary": "Telephones, numbers and what a number rings",
    "version": "19.0.1.0.0",
    "license": "AGPL-3",
    "author": "Open Telecom BSS contributors",
    "category": "Telecom",
    "depends": ["telecom_base"],
    "data": [
        "security/ir.model.access.csv",
        "security/rules.xml",
        "views/telecom_phone_views.xml",
        "views/telecom_number_views.xml",
        "views/telecom_dial_target_views.xml",
        "views/telecom_billing_account_views.xml",
        "wizard/telecom_phone_password_views.xml",
        "views/menus.xml",
    ],
}
