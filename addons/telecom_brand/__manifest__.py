{
    "name": "Telecom Brand",
    "summary": "Each reseller's own host names, name, logo, colours, pages, e-mail and documents",
    "version": "19.0.1.0.0",
    "license": "AGPL-3",
    "author": "Open Telecom BSS contributors",
    "category": "Telecom",
    "depends": ["telecom_office", "telecom_isolation_website", "telecom_security", "telecom_pdf"],
    "external_dependencies": {"python": ["tinycss2"]},
    "data": [
        "security/ir.model.access.csv",
        "security/brand_rules.xml",
        "views/telecom_brand_views.xml",
        "views/office_views.xml",
        "views/telecom_reseller_wizard_views.xml",
        "views/layout.xml",
        "views/plain_pages.xml",
    ],
    "assets": {
        "web.assets_backend": [
            "telecom_brand/static/src/debrand/**/*",
            "telecom_brand/static/src/backend/**/*",
        ],
        "web.assets_frontend": ["telecom_brand/static/src/pages.scss"],
        "telecom_office.assets_office": ["telecom_brand/static/src/debrand/**/*"],
    },
    "post_init_hook": "post_init_hook",
}
