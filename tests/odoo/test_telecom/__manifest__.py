{
    "name": "Telecom Test Stories",
    "summary": "Stories and probes across the addons of the suite; for tests only",
    "version": "19.0.1.0.0",
    "license": "AGPL-3",
    "author": "Open Telecom BSS contributors",
    "category": "Telecom",
    "depends": ["telecom_suite"],
}
