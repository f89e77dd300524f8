{
    "name": "Telecom Re-rating",
    "summary": "Price stored calls anew: preview, refund and charge, undo",
    "version": "19.0.1.0.0",
    "category": "Telecom",
    "license": "AGPL-3",
    "author": "Open Telecom BSS contributors",
    "depends": ["telecom_switch"],
    "external_dependencies": {"python": ["telecom_switch_bridge"]},
    "uninstall_hook": "uninstall_hook",
    "data": [
        "security/ir.model.access.csv",
        "security/telecom_rerate_rules.xml",
        "data/ir_cron.xml",
        "views/telecom_rerate_line_views.xml",
        "views/telecom_rerate_cost_views.xml",
        "views/telecom_rerate_run_views.xml",
    ],
}
