{
    "name": "Telecom Carrier Reconciliation",
    "summary": "Carriers' own record files held against our call records",
    "version": "19.0.1.0.0",
    "category": "Telecom",
    "license": "AGPL-3",
    "author": "Open Telecom BSS contributors",
    "depends": ["telecom_call"],
    "uninstall_hook": "uninstall_hook",
    "data": [
        "security/ir.model.access.csv",
        "security/telecom_carrier_reconcile_rules.xml",
        "data/ir_cron.xml",
        "views/telecom_carrier_statement_line_views.xml",
        "views/telecom_carrier_statement_views.xml",
    ],
}
