from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .telecom_dial_target import FORWARDS


def forward_field(string, helps):
    """Return a field that leads calls of a telephone to a target of its own account."""
    return fields.Many2one(
        "telecom.dial.target",
        string=string,
        ondelete="restrict",
        index="btree_not_null",
        domain="[('account_id', '=', account_id), '|', ('phone_id', '=', False), ('phone_id', '!=', id)]",
        tracking=True,
        help=helps,
    )


class TelecomPhone(models.Model):
    """What happens to calls for a telephone: how long it rings, where they go on, whether they are announced first."""

    _inherit = "telecom.phone"

    ring_s = fields.Integer(
        string="Rings For",
        default=60,
        tracking=True,
        help="Seconds (5 to 180) until a call counts as not answered.",
    )
    screen_calls = fields.Boolean(
        string="Announce Calls",
        tracking=True,
        help="Whoever answers hears who calls and presses 1 to take the call; anything else, or silence, declines it."
        " It holds too where calls of this telephone are forwarded to a number outside: what the carrier asks for"
        " an answered call is charged, also when it is declined.",
    )
    forward_always_id = forward_field("All Calls Go To", "The telephone does not ring at all.")
    forward_busy_id = forward_field("When Busy", "Also when the call is rejected at the telephone.")
    forward_no_answer_id = forward_field("When Not Answered", "Also when an announced call is declined.")
    forward_unreachable_id = forward_field("When Unreachable", "The telephone is switched off or not connected.")

    _ring_s_bounds = models.Constraint("CHECK (ring_s BETWEEN 5 AND 180)", "A telephone rings for 5 to 180 seconds.")

    @api.constrains("account_id", *FORWARDS)
    def _check_forwards(self):
        """Refuse a target of another account (record rules alone do not see it), and the telephone itself."""
        for phone in self:
            for name in FORWARDS:
                phone._check_forward(phone[name])

    def _check_forward(self, target):
        if target and target.account_id != self.account_id:
            raise ValidationError(
                self.env._(
                    "Telephone %s may only forward to a telephone, ring group or number outside of its own account.",
                    self.extension,
                )
            )
        if target and target.phone_id == self:
            raise ValidationError(self.env._("Telephone %s cannot forward to itself.", self.extension))

    @api.constrains("extension", "account_id", "active")
    def _check_no_group_has_extension(self):
        for phone in self.filtered("active"):
            if group := phone.account_id.ring_group_ids.filtered_domain([("extension", "=", phone.extension)]):
                raise ValidationError(
                    self.env._(
                        "Ring group %(group)s has extension %(extension)s: choose another one.",
                        group=group[0].name,
                        extension=phone.extension,
                    )
                )
