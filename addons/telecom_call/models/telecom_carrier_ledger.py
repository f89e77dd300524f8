from odoo import fields, models

from .telecom_call_record import DIRECTIONS


class TelecomCarrierLedger(models.Model):
    """What a carrier is owed and owes us, by the day of the call: written by each settlement (sql/settle.sql)."""

    _name = "telecom.carrier.ledger"
    _description = "Carrier Ledger"
    _auto = False
    _table = "telecom_carrier_ledger_view"
    _rec_name = "carrier_id"
    _order = "day desc, carrier_id, direction, id desc"
    _depends = {"telecom.carrier": ["company_id", "currency_id"]}

    day = fields.Date(readonly=True, help="UTC day on which the leg began.")
    carrier_id = fields.Many2one("telecom.carrier", readonly=True)
    direction = fields.Selection(DIRECTIONS, readonly=True)
    currency_id = fields.Many2one(
        "res.currency", readonly=True, help="Of the amounts; of legs that cost and brought nothing, the carrier's."
    )
    legs = fields.Integer(readonly=True, help="Attempts, answered or not.")
    answered = fields.Integer(readonly=True)
    minutes = fields.Float(digits=(20, 2), readonly=True, help="From answer to hang-up.")
    billed_minutes = fields.Float(digits=(20, 2), readonly=True, help="As the carrier counts.")
    cost = fields.Float(string="We Owe", digits=(20, 6), readonly=True)
    revenue = fields.Float(string="Carrier Owes", digits=(20, 6), readonly=True)
    owed = fields.Float(
        string="Net We Owe", digits=(20, 6), readonly=True, help="Negative: the carrier owes us more than we owe it."
    )

    def _fold(self):
        """Put the lines of each day together; sums stay what they are."""
        self.env.cr.execute("SELECT telecom_carrier_ledger_fold()")
