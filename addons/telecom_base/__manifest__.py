{
    "name": "Telecom Base",
    "summary": "Tenants, billing accounts, roles and numbering plans of a telephone company",
    "version": "19.0.1.1.0",
    "category": "Telecom",
    "license": "AGPL-3",
    "author": "Open Telecom BSS contributors",
    "depends": ["base", "mail", "account", "portal"],
    "external_dependencies": {
        "python": ["openpyxl", "python-calamine", "xlrd", "XlsxWriter", "xlwt", "telecom_switch_bridge"]
    },
    "data": [
        "security/telecom_groups.xml",
        "security/ir.model.access.csv",
        "security/telecom_rules.xml",
        "data/telecom_numbering_plan.xml",
        "data/telecom_tenant.xml",
        "views/telecom_billing_account_views.xml",
        "views/telecom_tenant_views.xml",
        "views/telecom_numbering_plan_views.xml",
        "views/telecom_menus.xml",
    ],
    "assets": {
        "web.assets_backend": [
            "telecom_base/static/src/**/*",
            # Odoo's Debian package ships this library as an empty link: every page would log an error
            ("remove", "mail/static/lib/selfie_segmentation/selfie_segmentation.js"),
        ],
    },
    "application": True,
    "post_load": "keep_scheduler",
}
