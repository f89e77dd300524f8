{
    "name": "Telecom Isolation: Website",
    "summary": "Websites of other tenants are not listed, only visited",
    "version": "19.0.1.0.0",
    "category": "Telecom",
    "license": "AGPL-3",
    "author": "Open Telecom BSS contributors",
    "depends": ["telecom_isolation", "website"],
    "data": ["security/website_rules.xml"],
    "assets": {
        "web._assets_primary_variables": [
            (
                "after",
                "website/static/src/scss/primary_variables.scss",
                "/telecom_isolation_website/static/src/scss/no_foreign_fonts.scss",
            ),
        ],
    },
    "auto_install": True,
}
