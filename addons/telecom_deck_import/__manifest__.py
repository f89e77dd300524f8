{
    "name": "Telecom Deck Import",
    "summary": "Prices from and to spreadsheets: verify, apply at a second, roll back",
    "version": "19.0.1.0.0",
    "category": "Telecom",
    "license": "AGPL-3",
    "author": "Open Telecom BSS contributors",
    "depends": ["telecom_carrier"],
    "uninstall_hook": "uninstall_hook",
    "data": [
        "security/ir.model.access.csv",
        "security/telecom_deck_import_rules.xml",
        "data/ir_cron.xml",
        "views/telecom_price_change_views.xml",
        "views/telecom_price_import_views.xml",
        "wizards/telecom_price_export_views.xml",
        "views/telecom_carrier_views.xml",
    ],
}
