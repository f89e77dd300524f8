{
    "name": "Telecom Light Chart of Accounts",
    "summary": "A small chart of accounts for resellers whose bookkeeping is done elsewhere",
    "version": "19.0.1.0.0",
    "license": "AGPL-3",
    "author": "Open Telecom BSS contributors",
    "category": "Accounting/Localizations/Account Charts",  # Odoo looks for charts in this category only
    "depends": ["account"],
}
