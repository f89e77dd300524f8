from odoo import models
from odoo.addons.telecom_base.tools.sql import run_sql_files


class TelecomRerateSchema(models.AbstractModel):
    """Makes tables and views, after the tables of the models that they stand on."""

    _name = "telecom.rerate.schema"
    _description = "Tables of Re-rating"

    def init(self):
        run_sql_files(self.env.cr, "telecom_rerate", "10_tables.sql")
