from odoo import fields, models
from odoo.addons.telecom_base.tools.amounts import DIGITS
from odoo.addons.telecom_base.tools.sql import run_sql_files

from .telecom_price_import import RESULTS

PRICE = {"digits": DIGITS, "min_display_digits": 4, "readonly": True, "aggregator": None}


class TelecomPriceChange(models.Model):
    """What an import does to one prefix or destination. A page over `telecom_price_change`."""

    _name = "telecom.price.change"
    _description = "Price Change of an Import"
    _auto = False
    _table = "telecom_price_change_view"
    _log_access = False
    _order = "import_id, key, id"
    _rec_name = "what"

    import_id = fields.Many2one("telecom.price.import", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    result = fields.Selection(RESULTS, readonly=True)
    line = fields.Integer(readonly=True, aggregator=None, help="Of the file; 0: the file does not have it.")
    key = fields.Char(readonly=True)
    what = fields.Char(string="Prefix or Destination", readonly=True)
    name = fields.Char(string="In the File", readonly=True)
    price = fields.Float(string="Price (per minute)", **PRICE)
    old_price = fields.Float(string="Until Then", **PRICE)
    percent = fields.Float(string="Change (%)", digits=(16, 1), readonly=True, aggregator="avg")
    connect_fee = fields.Float(**PRICE)
    old_connect_fee = fields.Float(string="Fee Until Then", **PRICE)
    increments = fields.Char(string="Intervals", readonly=True)
    old_increments = fields.Char(string="Intervals Until Then", readonly=True)
    valid_from = fields.Datetime(string="From", readonly=True, help="Or the moment of applying, if that is later.")
    valid_to = fields.Datetime(string="Until", readonly=True)

    def init(self):
        run_sql_files(self.env.cr, "telecom_deck_import", "10_tables.sql")
