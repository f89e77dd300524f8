from odoo import fields, models


class TelecomSwitchCommand(models.Model):
    """What somebody asked the switch to do, and what came of it. The bridge of the node carries it out."""

    _name = "telecom.switch.command"
    _description = "Command to the Switch"
    _table = "telecom_switch_command_page"
    _auto = False
    _log_access = False
    _order = "asked_at desc, id desc"
    _rec_name = "call_ref"
    _depends = {"telecom.billing.account": ["number"]}

    kind = fields.Selection([("hang_up", "Hang Up")], string="Command", readonly=True)
    asked_by = fields.Many2one("res.users", readonly=True)
    asked_at = fields.Datetime(string="Asked", readonly=True)
    account_id = fields.Many2one("telecom.billing.account", readonly=True)
    from_number = fields.Char(string="From", readonly=True)
    to_number = fields.Char(string="To", readonly=True)
    node = fields.Char(readonly=True, help="The switch that carries the call.")
    call_ref = fields.Char(string="Authorisation", readonly=True)
    state = fields.Selection(
        [("open", "Waiting"), ("done", "Done"), ("gone", "Call Was Over"), ("expired", "Not Done")],
        string="Outcome",
        readonly=True,
        help="Not done: the switch of the call did not answer within a minute; the call may still go on.",
    )
    done_at = fields.Datetime(string="Finished", readonly=True)
