{
    "name": "Telecom Class of Service",
    "summary": "Which numbers outside may be called, down to one number",
    "version": "19.0.1.0.0",
    "license": "AGPL-3",
    "author": "Open Telecom BSS contributors",
    "category": "Telecom",
    "depends": ["telecom_rating", "telecom_pbx"],
    "external_dependencies": {"python": ["telecom_switch_bridge"]},
    "data": [
        "security/ir.model.access.csv",
        "security/rules.xml",
        "views/telecom_service_rule_views.xml",
        "views/telecom_service_class_views.xml",
        "views/telecom_billing_account_views.xml",
        "views/telecom_phone_views.xml",
        "views/menus.xml",
    ],
}
