import re

from odoo import api, fields, models
from odoo.addons.telecom_base.tools.optional_integer import OptionalInteger
from odoo.exceptions import ValidationError

E164 = re.compile(r"[1-9][0-9]{6,14}")  # ITU-T E.164: at most 15 digits with the country code, no leading 0
PUNCTUATION = re.compile(r"[\s().\-/]")


def strip_e164(text):
    """Return a written number ('+44 20 7946-0999') as digits; what is not a number stays as it is, to be refused."""
    return PUNCTUATION.sub("", text or "").removeprefix("+")


class TelecomNumber(models.Model):
    """A telephone number (DID): which company holds it, which account has it, what it rings."""

    _name = "telecom.number"
    _description = "Telephone Number"
    _inherit = ["mail.thread", "telecom.limit.mixin"]
    _order = "e164"
    _rec_name = "e164"

    e164 = fields.Char(
        string="Number",
        required=True,
        tracking=True,
        help="E.164 digits with the country code, e.g. 442079460999. A leading + and spaces are removed.",
    )
    active = fields.Boolean(default=True, tracking=True, help="Calls to an archived number are refused.")
    company_id = fields.Many2one(
        "res.company",
        string="Held by",
        required=True,
        ondelete="restrict",
        index=True,
        tracking=True,
        default=lambda self: self.env.company,
        help="Company that may give the number to its customers.",
    )
    account_id = fields.Many2one(
        "telecom.billing.account",
        string="Billing Account",
        ondelete="restrict",
        index="btree_not_null",
        tracking=True,
        domain="[('company_id', '=', company_id)]",
        help="Customer's account that has the number. Empty: free.",
    )
    partner_id = fields.Many2one(related="account_id.partner_id", store=True, index="btree_not_null", string="Customer")
    target_id = fields.Many2one(
        "telecom.dial.target",
        string="Rings",
        ondelete="restrict",
        index="btree_not_null",
        tracking=True,
        domain="[('account_id', '=', account_id)]",
        help="What a call to this number rings. Empty: the call is refused.",
    )
    target_works = fields.Boolean(compute="_compute_target_works", string="Rings Something")

    max_calls_inbound = OptionalInteger(
        string="Calls In at Once",
        tracking=True,
        help="How many calls to this number may run or ring at the same time. Empty: no limit but the account's.",
    )

    _e164_unique = models.Constraint("UNIQUE (e164)", "This number is already in the list.")

    @api.depends("target_id", "target_id.kind", "target_id.phone_id.active", "target_id.group_id.active")
    def _compute_target_works(self):
        for number in self:
            target = number.target_id
            number.target_works = bool(target) and target._leads_somewhere()

    @api.constrains("e164")
    def _check_e164(self):
        for number in self:
            if not E164.fullmatch(number.e164):
                raise ValidationError(
                    self.env._(
                        "%s is not a number in E.164: 7 to 15 digits that begin with the country code.", number.e164
                    )
                )

    @api.constrains("company_id", "account_id")
    def _check_account_company(self):
        """Refuse an account of another company; record rules alone do not see it."""
        for number in self.filtered("account_id"):
            if number.account_id.company_id != number.company_id:
                raise ValidationError(
                    self.env._(
                        "Number %s is held by another company than the account's: change who holds it first.",
                        number.e164,
                    )
                )

    @api.constrains("account_id", "target_id")
    def _check_target_account(self):
        for number in self.filtered("target_id"):
            if number.target_id.account_id != number.account_id:
                raise ValidationError(self.env._("Number %s may only ring a target of its own account.", number.e164))

    @api.constrains("account_id")
    def _check_not_shown_elsewhere(self):
        """A number that telephones show as their caller ID cannot leave their account."""
        phones_sudo = self.env["telecom.phone"].sudo().with_context(active_test=False)
        for number in self:
            if shown := phones_sudo.search(
                [("cli_number_id", "=", number.id), ("account_id", "!=", number.account_id.id)], limit=1
            ):
                raise ValidationError(
                    self.env._(
                        "Number %(number)s is the caller ID of telephone %(phone)s: change that one first.",
                        number=number.e164,
                        phone=shown.sip_username,
                    )
                )

    @api.onchange("account_id")
    def _onchange_account_id(self):
        if self.target_id.account_id != self.account_id:
            self.target_id = False

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._strip_number(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._strip_number(vals))

    @api.model
    def _strip_number(self, vals):
        """Return the values with the number as bare digits."""
        return {**vals, "e164": strip_e164(vals["e164"])} if vals.get("e164") else vals
