{
    "name": "Telecom Carrier",
    "summary": "Carriers, SIP trunks, decks (what calls cost us) and routes",
    "version": "19.0.1.0.0",
    "category": "Telecom",
    "license": "AGPL-3",
    "author": "Open Telecom BSS contributors",
    "depends": ["telecom_rating"],
    "uninstall_hook": "uninstall_hook",
    "data": [
        "security/ir.model.access.csv",
        "security/telecom_carrier_rules.xml",
        "views/telecom_trunk_views.xml",
        "views/telecom_deck_rate_views.xml",
        "views/telecom_carrier_views.xml",
        "views/telecom_route_views.xml",
        "views/telecom_carrier_menus.xml",
    ],
}
