{
    "name": "Telecom World Destinations",
    "summary": "Destinations of every country by kind of network, from the numbering plans that phonenumbers knows",
    "version": "19.0.1.0.0",
    "category": "Telecom",
    "license": "AGPL-3",
    "author": "Open Telecom BSS contributors",
    "depends": ["telecom_rating"],
    "external_dependencies": {"python": ["phonenumbers"]},
    "data": [
        "security/ir.model.access.csv",
        "security/telecom_world_rules.xml",
        "wizards/telecom_world_load_views.xml",
        "views/telecom_destination_views.xml",
    ],
}
