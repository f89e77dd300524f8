{
    "name": "Telecom Reseller",
    "summary": "Make a reseller with its company, books, account, first plan and administrator in one step",
    "version": "19.0.1.0.0",
    "license": "AGPL-3",
    "author": "Open Telecom BSS contributors",
    "category": "Telecom",
    "depends": ["telecom_base", "telecom_rating", "telecom_wallet", "telecom_chart", "auth_signup"],
    "data": [
        "security/ir.model.access.csv",
        "wizards/telecom_reseller_wizard_views.xml",
        "views/telecom_tenant_views.xml",
    ],
}
