{
    "name": "Telecom Dashboard",
    "summary": "What happens now and what the last days brought: for the owner, each reseller, and each customer",
    "version": "19.0.1.0.0",
    "license": "AGPL-3",
    "author": "Open Telecom BSS contributors",
    "category": "Telecom",
    "depends": ["telecom_office", "telecom_switch", "telecom_call", "telecom_wallet", "telecom_pbx", "telecom_carrier"],
    "data": ["views/actions.xml", "views/menus.xml", "views/telecom_billing_account_views.xml"],
    "assets": {
        "web.assets_backend": ["telecom_dashboard/static/src/**/*"],
        "telecom_office.assets_office": [
            ("before", "web/static/src/start.js", "telecom_dashboard/static/src/**/*"),
        ],
    },
}
