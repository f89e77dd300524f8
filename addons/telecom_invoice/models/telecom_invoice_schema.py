from odoo import models
from odoo.addons.telecom_base.tools.sql import run_sql_files


class TelecomInvoiceSchema(models.AbstractModel):
    """Makes the tables, after those of the models that they stand on."""

    _name = "telecom.invoice.schema"
    _description = "Tables of Invoices"

    def init(self):
        run_sql_files(self.env.cr, "telecom_invoice", "10_tables.sql")
