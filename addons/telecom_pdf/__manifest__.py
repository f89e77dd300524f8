{
    "name": "Telecom PDF",
    "summary": "Documents as PDF by WeasyPrint: headers, footers and page numbers on every page, nothing fetched",
    "version": "19.0.1.0.0",
    "license": "AGPL-3",
    "author": "Open Telecom BSS contributors",
    "category": "Telecom",
    "depends": ["account"],
    "external_dependencies": {"python": ["weasyprint", "pypdf"]},
}
