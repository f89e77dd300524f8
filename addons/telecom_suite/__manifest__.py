{
    "name": "Telecom Suite",
    "summary": "Everything of the open telecom BSS",
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
        "telecom_switch",
        "telecom_chart",
        "telecom_reseller",
    ],
}
