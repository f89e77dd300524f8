from odoo import fields, models

from .telecom_rerate_line import AMOUNT

DIRECTIONS = [("outbound", "Outbound"), ("inbound", "Inbound")]


class TelecomRerateCostSum(models.Model):
    """What a re-rating changes for one carrier."""

    _name = "telecom.rerate.cost.sum"
    _description = "Re-rating of a Carrier"
    _auto = False
    _table = "telecom_rerate_cost_sum_view"
    _log_access = False
    _order = "run_id desc, carrier_id, direction, id"
    _rec_name = "carrier_id"

    run_id = fields.Many2one("telecom.rerate.run", string="Re-rating", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    carrier_id = fields.Many2one("telecom.carrier", readonly=True)
    direction = fields.Selection(DIRECTIONS, readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    calls = fields.Integer(string="Legs", readonly=True, help="Legs for which it takes, or pays, something else.")
    old_amount = fields.Float(string="Taken or Paid", help="Outbound: what it takes; inbound: what it pays.", **AMOUNT)
    amount = fields.Float(string="Anew", help="Holds in its place.", **AMOUNT)
    margin_difference = fields.Float(
        string="Margin Changes By", help="In the carrier's currency: what we keep more; less where negative.", **AMOUNT
    )


class TelecomRerateCostLine(models.Model):
    """What a re-rating changes in what a carrier takes, or pays, for a leg."""

    _name = "telecom.rerate.cost.line"
    _description = "Re-rated Carrier's Cost"
    _auto = False
    _table = "telecom_rerate_cost_line_view"
    _log_access = False
    _order = "started_at, record_id"
    _rec_name = "e164"

    run_id = fields.Many2one("telecom.rerate.run", string="Re-rating", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    record_id = fields.Many2one("telecom.call.record", string="Call Record", readonly=True)
    started_at = fields.Datetime(string="Started", readonly=True)
    carrier_id = fields.Many2one("telecom.carrier", readonly=True)
    direction = fields.Selection(DIRECTIONS, readonly=True)
    e164 = fields.Char(string="To", readonly=True)
    destination_id = fields.Many2one("telecom.destination", readonly=True)
    answered_s = fields.Integer(string="Duration (s)", readonly=True)
    old_billed_s = fields.Integer(string="Billed (s)", readonly=True)
    billed_s = fields.Integer(string="Billed Anew (s)", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    old_amount = fields.Float(string="Taken or Paid", help="Outbound: what it takes; inbound: what it pays.", **AMOUNT)
    amount = fields.Float(string="Anew", help="Holds in its place.", **AMOUNT)
    margin_difference = fields.Float(
        string="Margin Changes By", help="In the carrier's currency: what we keep more; less where negative.", **AMOUNT
    )
