{
    "name": "Telecom Switch",
    "summary": "The seam: what the switch reads, and how the switch is doing",
    "version": "19.0.1.0.0",
    "license": "AGPL-3",
    "author": "Open Telecom BSS contributors",
    "category": "Telecom",
    "depends": [
        "telecom_base",
        "telecom_rating",
        "telecom_carrier",
        "telecom_wallet",
        "telecom_pbx",
        "telecom_call",
    ],
    "data": [
        "security/ir.model.access.csv",
        "views/telecom_switch_node_views.xml",
        "views/telecom_journal_line_views.xml",
        "views/menus.xml",
    ],
    "uninstall_hook": "uninstall_hook",
}
