from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from .telecom_number import E164, strip_e164

# Fields of a telephone that lead its calls to a target (telecom_phone_forward.py).
FORWARDS = ("forward_always_id", "forward_busy_id", "forward_no_answer_id", "forward_unreachable_id")
USED_BY_KIND = {"phone": "phone_id", "external": "external_number", "group": "group_id"}


class TelecomDialTarget(models.Model):
    """Something that can be rung: a telephone or ring group of the account, or a number outside that it pays for."""

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
        [("phone", "Telephone"), ("external", "External number"), ("group", "Ring group")],
        required=True,
        default="external",
    )
    phone_id = fields.Many2one(
        "telecom.phone",
        string="Telephone",
        ondelete="cascade",
        index="btree_not_null",
        domain="[('account_id', '=', account_id)]",
    )
    group_id = fields.Many2one(
        "telecom.ring.group",
        string="Ring Group",
        ondelete="cascade",
        index="btree_not_null",
        domain="[('account_id', '=', account_id)]",
    )
    external_number = fields.Char(
        help="E.164 digits with the country code, e.g. 447700900123. A leading + and spaces are removed."
    )

    _kind_filled = models.Constraint(
        "CHECK ((kind = 'phone') = (phone_id IS NOT NULL) AND (kind = 'external') = (external_number IS NOT NULL)"
        " AND (kind = 'group') = (group_id IS NOT NULL))",
        "A target is a telephone, a ring group or an external number: fill in the one that its kind names.",
    )
    _phone_unique = models.UniqueIndex("(phone_id) WHERE phone_id IS NOT NULL", "This telephone is a target already.")
    _group_unique = models.UniqueIndex("(group_id) WHERE group_id IS NOT NULL", "This ring group is a target already.")
    _external_unique = models.UniqueIndex(
        "(account_id, external_number) WHERE external_number IS NOT NULL",
        "This external number is a target of the account already.",
    )

    @api.depends("kind", "phone_id.display_name", "group_id.display_name", "external_number")
    def _compute_display_name(self):
        for target in self:
            if target.kind == "phone":
                target.display_name = self.env._("Telephone %s", target.phone_id.display_name or "")
            elif target.kind == "group":
                target.display_name = self.env._("Ring group %s", target.group_id.display_name or "")
            else:
                target.display_name = self.env._("External %s", target.external_number or "")

    @api.constrains("external_number", "account_id")
    def _check_external_number(self):
        """Refuse what is no number, and an emergency number: nobody may be led there who did not dial it."""
        for target in self.filtered("external_number"):
            if target._is_emergency_number():
                raise ValidationError(
                    self.env._("%s is an emergency number: no call may be led there.", target.external_number)
                )
            if not E164.fullmatch(target.external_number):
                raise ValidationError(
                    self.env._(
                        "%s is not a number in E.164: 7 to 15 digits that begin with the country code.",
                        target.external_number,
                    )
                )

    @api.constrains("account_id", "phone_id", "group_id")
    def _check_phone_account(self):
        """Refuse a telephone or group of another account; record rules alone do not see it."""
        for target in self.filtered("group_id"):
            if target.group_id.account_id != target.account_id:
                raise ValidationError(
                    self.env._("A target may only ring a ring group of its own account, not %s.", target.group_id.name)
                )
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
            if any(phone.account_id != target.account_id for phone in target._get_forwarding()):
                raise ValidationError(
                    self.env._("Telephones of the account forward to this target: it cannot change account.")
                )
            if any(member.account_id != target.account_id for member in target._get_memberships()):
                raise ValidationError(
                    self.env._("Ring groups of the account ring this target: it cannot change account.")
                )

    def _get_forwarding(self):
        """Return the telephones, archived ones too, that forward calls to these targets."""
        phones_sudo = self.env["telecom.phone"].sudo().with_context(active_test=False)
        return phones_sudo.search(Domain.OR([(name, "in", self.ids)] for name in FORWARDS))

    def _get_memberships(self):
        """Return the places of these targets in ring groups, archived ones too."""
        return self.env["telecom.ring.group.member"].sudo().search([("target_id", "in", self.ids)])

    def _leads_somewhere(self):
        """Return whether a call led here would ring anything."""
        self.ensure_one()
        if self.kind == "group":
            return self.group_id.active and bool(self.group_id.member_ids)
        return self.kind != "phone" or self.phone_id.active

    def _is_emergency_number(self):
        """Return whether the number is an emergency number of the account's country, with or without its code."""
        self.ensure_one()
        country_code = str(self.account_id.country_id.phone_code or "")
        short = self.external_number.removeprefix(country_code)
        return not {self.external_number, short}.isdisjoint(self.account_id._get_emergency_numbers())

    @api.ondelete(at_uninstall=False)
    def _unlink_except_rung(self):
        if phone := self._get_forwarding()[:1]:
            raise UserError(self.env._("Telephone %s forwards to this target: change that first.", phone.display_name))
        if member := self._get_memberships()[:1]:
            raise UserError(
                self.env._("Ring group %s rings this target: take it out first.", member.group_id.display_name)
            )
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
        used = USED_BY_KIND.get(vals.get("kind"))
        if used is None:
            return vals
        return {**vals, **dict.fromkeys(set(USED_BY_KIND.values()) - {used})}
