{
    "name": "Telecom Margin",
    "summary": "What a rate plan earns per destination: against the carriers' decks, or the provider's price",
    "version": "19.0.1.0.0",
    "category": "Telecom",
    "license": "AGPL-3",
    "author": "Open Telecom BSS contributors",
    "depends": ["telecom_carrier", "telecom_rating"],
    "external_dependencies": {"python": ["telecom_switch_bridge"]},
    "data": [
        "security/ir.model.access.csv",
        "security/telecom_margin_rules.xml",
        "wizards/telecom_margin_line_views.xml",
        "views/telecom_rate_plan_views.xml",
    ],
}
