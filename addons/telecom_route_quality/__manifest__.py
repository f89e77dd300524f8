{
    "name": "Telecom Route Quality",
    "summary": "How well carriers complete calls, by destination, and routes that go by it",
    "version": "19.0.1.0.0",
    "license": "AGPL-3",
    "author": "Open Telecom BSS contributors",
    "category": "Telecom",
    "depends": ["telecom_carrier", "telecom_call"],
    "data": [
        "security/ir.model.access.csv",
        "security/rules.xml",
        "data/ir_cron.xml",
        "views/telecom_trunk_quality_views.xml",
        "views/telecom_carrier_block_views.xml",
        "views/telecom_route_views.xml",
        "views/menus.xml",
    ],
    "uninstall_hook": "uninstall_hook",
}
