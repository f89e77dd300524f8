from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from .telecom_number import E164, strip_e164


class TelecomDialTarget(models.Model):
    """Something that can be rung: a telephone of the account, or a number outside that the account pays for."""

    _name = "telecom.dial.target"
    _description = "Dial Target"
    _order = "account_id, kind desc, id"

    account_id = fields.Many2one(
        "telecom.billing.account",
        string="Billing Account",
        required=True,
        ondelete="restrict",
        index=True,
        help="Pays for calls to an external number.",
    )
    company_id = fields.Many2one(related="account_id.company_id", store=True, index=True)
    partner_id = fields.Many2one(related="account_id.partner_id", store=True, index=True, string="Customer")
    kind = fields.Selection(
        [("phone", "Telephone"), ("external", "External number")], required=True, default="external"
    )
    phone_id = fields.Many2one(
        "telecom.phone",
        string="Telephone",
        ondelete="cascade",
        index="btree_not_null",
        domain="[('account_id', '=', account_id)]",
    )
    external_number = fields.Char(
        help="E.164 digits with the country code, e.g. 447700900123. A leading + and spaces are removed."
    )

    _kind_filled = models.Constraint(
        "CHECK ((kind = 'phone') = (phone_id IS NOT NULL) AND (kind = 'external') = (external_number IS NOT NULL))",
        "A target is either a telephone or an external number: fill in the one that its kind names.",
    )
    _phone_unique = models.UniqueIndex("(phone_id) WHERE phone_id IS NOT NULL", "This telephone is a target already.")
    _external_unique = models.UniqueIndex(
        "(account_id, external_number) WHERE external_number IS NOT NULL",
        "This external number is a target of the account already.",
    )

    @api.depends("kind", "phone_id.display_name", "external_number")
    def _compute_display_name(self):
        for target in self:
            if target.kind == "phone":
                target.display_name = self.env._("Telephone %s", target.phone_id.display_name or "")
            else:
                target.display_name = self.env._("External %s", target.external_number or "")

    @api.constrains("external_number")
    def _check_external_number(self):
        for target in self.filtered("external_number"):
            if not E164.fullmatch(target.external_number):
                raise ValidationError(
                    self.env._(
                        "%s is not a number in E.164: 7 to 15 digits that begin with the country code.",
                        target.external_number,
                    )
                )

    @api.constrains("account_id", "phone_id")
    def _check_phone_account(self):
        """Refuse a telephone of another account; record rules alone do not see it."""
        for target in self.filtered("phone_id"):
            if target.phone_id.account_id != target.account_id:
                raise ValidationError(
                    self.env._("A target may only ring a telephone of its own account, not %s.", target.phone_id.name)
                )

    @api.constrains("account_id")
    def _check_numbers_account(self):
        numbers_sudo = self.env["telecom.number"].sudo().with_context(active_test=False)
        for target in self:
            if numbers_sudo.search_count(
                [("target_id", "=", target.id), ("account_id", "!=", target.account_id.id)], limit=1
            ):
                raise ValidationError(self.env._("Numbers of the account ring this target: it cannot change account."))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_rung(self):
        numbers_sudo = self.env["telecom.number"].sudo().with_context(active_test=False)
        if number := numbers_sudo.search([("target_id", "in", self.ids)], limit=1):
            raise UserError(self.env._("Number %s rings this target: give the number another one first.", number.e164))

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._strip_number(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._strip_number(vals))

    @api.model
    def _strip_number(self, vals):
        """Return the values with the number as bare digits, and only what the kind uses."""
        if vals.get("external_number"):
            vals = {**vals, "external_number": strip_e164(vals["external_number"])}
        if vals.get("kind") == "phone":
            return {**vals, "external_number": None}
        if vals.get("kind") == "external":
            return {**vals, "phone_id": None}
        return vals
