from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from .telecom_phone import EXTENSION

MOST_MEMBERS = 20  # the bridge rings no more for one call


class TelecomRingGroup(models.Model):
    """Telephones and numbers outside that ring for one call: all at once, or one after the other."""

    _name = "telecom.ring.group"
    _description = "Ring Group"
    _inherit = ["mail.thread"]
    _order = "account_id, name, id"

    name = fields.Char(required=True, tracking=True, help="Who is called, e.g. Sales.")
    active = fields.Boolean(
        default=True, tracking=True, help="Calls to an archived ring group are refused; its extension is free again."
    )
    account_id = fields.Many2one(
        "telecom.billing.account",
        string="Billing Account",
        required=True,
        ondelete="restrict",
        index=True,
        tracking=True,
        help="Pays for members outside. It cannot be changed later.",
    )
    company_id = fields.Many2one(related="account_id.company_id", store=True, index=True)
    partner_id = fields.Many2one(related="account_id.partner_id", store=True, index=True, string="Customer")
    extension = fields.Char(
        tracking=True,
        help="2 to 6 digits, dialled by the telephones of the account. Empty: only numbers and forwards lead here.",
    )
    strategy = fields.Selection(
        [("parallel", "All at once"), ("serial", "One after the other")],
        string="Members Ring",
        required=True,
        default="parallel",
        tracking=True,
    )
    ring_s = fields.Integer(
        string="Rings For",
        default=30,
        tracking=True,
        help="Seconds (5 to 180): of all together, or of each member in turn.",
    )
    screen_calls = fields.Boolean(
        string="Announce Calls Outside",
        tracking=True,
        help="A member outside hears who calls and presses 1 to take the call, so that a mailbox does not take it. What"
        " the carrier asks for an answered call is charged, also when it is declined.",
    )
    member_ids = fields.One2many("telecom.ring.group.member", "group_id", string="Members", copy=True)
    member_count = fields.Integer(compute="_compute_member_count", string="Number of Members")

    _extension_unique = models.UniqueIndex(
        "(account_id, extension) WHERE active AND extension IS NOT NULL",
        "Another ring group of the account has this extension: choose another one.",
    )
    _ring_s_bounds = models.Constraint("CHECK (ring_s BETWEEN 5 AND 180)", "A ring group rings for 5 to 180 seconds.")

    @api.depends("member_ids")
    def _compute_member_count(self):
        for group in self:
            group.member_count = len(group.member_ids)

    @api.constrains("extension", "account_id", "active")
    def _check_extension(self):
        """Refuse what cannot be dialled, what a telephone has, and what would hide an emergency number."""
        for group in self.filtered("extension"):
            if not EXTENSION.fullmatch(group.extension):
                raise ValidationError(
                    self.env._("%s cannot be an extension: use 2 to 6 digits, the first one not 0.", group.extension)
                )
            if group.extension in group.account_id._get_emergency_numbers():
                raise ValidationError(
                    self.env._("%s is an emergency number: choose another extension.", group.extension)
                )
            if group.active and group.extension in group.account_id.phone_ids.mapped("extension"):
                raise ValidationError(
                    self.env._("A telephone of the account has extension %s: choose another one.", group.extension)
                )

    @api.constrains("member_ids")
    def _check_member_count(self):
        for group in self:
            if len(group.member_ids) > MOST_MEMBERS:
                raise ValidationError(self.env._("A ring group has at most %s members.", MOST_MEMBERS))

    @api.model_create_multi
    def create(self, vals_list):
        """Make a dial target besides, so that numbers and forwards can lead to the group."""
        groups = super().create([self._strip_spaces(vals) for vals in vals_list])
        # sudo: who may add a group need not manage targets
        self.env["telecom.dial.target"].sudo().create(
            [{"account_id": group.account_id.id, "kind": "group", "group_id": group.id} for group in groups]
        )
        return groups

    def write(self, vals):
        if "account_id" in vals and any(group.account_id.id != vals["account_id"] for group in self):
            raise UserError(self.env._("A ring group stays with its account: archive it and add a new one there."))
        return super().write(self._strip_spaces(vals))

    @api.model
    def _strip_spaces(self, vals):
        """Return the values with spaces taken out of the extension; an empty one is none."""
        if not isinstance(vals.get("extension"), str):
            return vals
        return {**vals, "extension": "".join(vals["extension"].split()) or False}


class TelecomRingGroupMember(models.Model):
    """One who is rung, in the order of `sequence`."""

    _name = "telecom.ring.group.member"
    _description = "Member of a Ring Group"
    _order = "group_id, sequence, id"
    _rec_name = "target_id"

    group_id = fields.Many2one("telecom.ring.group", required=True, ondelete="cascade", index=True)
    account_id = fields.Many2one(related="group_id.account_id", store=True, index=True)
    company_id = fields.Many2one(related="group_id.company_id", store=True, index=True)
    partner_id = fields.Many2one(related="group_id.partner_id", store=True, index=True, string="Customer")
    sequence = fields.Integer(default=10)
    target_id = fields.Many2one(
        "telecom.dial.target",
        string="Telephone or Number Outside",
        required=True,
        ondelete="restrict",
        index=True,
        domain="[('account_id', '=', account_id), ('kind', '!=', 'group')]",
    )

    _target_once = models.Constraint("UNIQUE (group_id, target_id)", "This member is in the ring group already.")

    @api.constrains("group_id", "target_id")
    def _check_target(self):
        """Refuse a target of another account; record rules alone do not see it. Groups are not nested."""
        for member in self:
            if member.target_id.account_id != member.group_id.account_id:
                raise ValidationError(
                    self.env._(
                        "Ring group %s may only ring telephones and numbers outside of its own account.",
                        member.group_id.name,
                    )
                )
            if member.target_id.kind == "group":
                raise ValidationError(
                    self.env._("Ring group %s cannot have another ring group as a member.", member.group_id.name)
                )
