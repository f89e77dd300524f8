from odoo import api, fields, models
from odoo.addons.base.models.res_partner import _tz_get
from odoo.addons.telecom_base.tools.roles import RESELLERS
from odoo.exceptions import UserError, ValidationError

OPEN_DAYS = {"week": (1, 2, 3, 4, 5), "six": (1, 2, 3, 4, 5, 6), "all": (1, 2, 3, 4, 5, 6, 7)}  # Monday is 1
FIXED_FIELDS = ("company_id", "account_id")


class TelecomServiceClass(models.Model):
    """Which numbers outside may be called. A class of a provider is given to its customers' accounts; a class of an
    account is the customer's own, and given to its telephones. A call needs the consent of every class above it."""

    _name = "telecom.service.class"
    _description = "Class of Service"
    _inherit = ["mail.thread"]
    _order = "company_id, account_id, name, id"

    name = fields.Char(required=True, tracking=True, help="What it is for, e.g. No premium rate numbers.")
    company_id = fields.Many2one(
        "res.company",
        string="Provider",
        required=True,
        index=True,
        ondelete="cascade",
        compute="_compute_company_id",
        store=True,
        precompute=True,
        readonly=False,
    )
    account_id = fields.Many2one(
        "telecom.billing.account",
        string="Billing Account",
        index=True,
        ondelete="cascade",
        help="Filled in: a class of this customer, for its telephones; the customer may change it. Empty: a class of"
        " the provider, for its customers' accounts, which they cannot change.",
    )
    partner_id = fields.Many2one(related="account_id.partner_id", store=True, index=True, string="Customer")
    is_default = fields.Boolean(
        string="For All Others",
        tracking=True,
        help="It holds for all accounts of the provider, or all telephones of the account, that have no other class.",
    )
    other_calls = fields.Selection(
        [("allow", "Allowed"), ("block", "Blocked")],
        required=True,
        default="allow",
        tracking=True,
        help="Numbers that no rule below says anything about.",
    )
    rule_ids = fields.One2many("telecom.service.rule", "class_id", string="Rules", copy=True)
    rule_count = fields.Integer(compute="_compute_rule_count", string="Number of Rules")
    open_days = fields.Selection(
        [("week", "Monday to Friday"), ("six", "Monday to Saturday"), ("all", "Every day")],
        required=True,
        default="week",
        help="For rules that hold in or outside of opening hours only.",
    )
    open_from = fields.Float(default=8.0, help="Clock time at which opening hours begin.")
    open_to = fields.Float(
        default=18.0, help="Clock time at which they end; one before the beginning is on the next day."
    )
    tz = fields.Selection(
        _tz_get,
        string="Time Zone",
        required=True,
        default=lambda self: self.env.company._telecom_tz() or self.env.user.tz or "UTC",
    )
    account_ids = fields.One2many(
        "telecom.billing.account",
        "service_class_id",
        string="Accounts",
        groups=f"telecom_base.group_staff,{RESELLERS}",
    )
    phone_ids = fields.One2many("telecom.phone", "service_class_id", string="Telephones")
    used_by = fields.Char(
        compute="_compute_used_by",
        compute_sudo=True,
        help="What has this class, apart from what it holds for anyway.",
    )

    _default_unique = models.UniqueIndex(
        "(company_id, COALESCE(account_id, 0)) WHERE is_default",
        "Another class is the one for all others already: take that mark from it first.",
    )
    _open_bounds = models.Constraint(
        "CHECK (open_from >= 0 AND open_from < 24 AND open_to > 0 AND open_to <= 24)",
        "Opening hours begin between 00:00 and 23:59 and end between 00:01 and 24:00.",
    )

    @api.model
    def default_get(self, fields_list):
        """A customer's person makes classes of its own account."""
        values = super().default_get(fields_list)
        if "account_id" in fields_list and not values.get("account_id") and self._is_customer():
            values["account_id"] = self.env["telecom.billing.account"].search([], limit=1).id
        return values

    @api.model
    def _is_customer(self):
        return not self.env.su and self.env.user.has_group("telecom_base.group_customer_user")

    @api.depends("account_id")
    def _compute_company_id(self):
        for one in self:
            one.company_id = one.account_id.company_id or one.company_id or self.env.company

    @api.depends("rule_ids")
    def _compute_rule_count(self):
        for one in self:
            one.rule_count = len(one.rule_ids)

    @api.depends("account_ids", "phone_ids", "is_default")
    def _compute_used_by(self):
        for one in self:
            count = len(one.phone_ids if one.account_id else one.account_ids)
            words = self.env._("%s telephones", count) if one.account_id else self.env._("%s accounts", count)
            one.used_by = self.env._("%s, and all others", words) if one.is_default else words

    @api.constrains("company_id", "account_id")
    def _check_company(self):
        for one in self:
            if one.account_id and one.account_id.company_id != one.company_id:
                raise ValidationError(
                    self.env._(
                        "Account %(account)s is not one of %(provider)s. Leave the provider out: it is the account's.",
                        account=one.account_id.number,
                        provider=one.company_id.name,
                    )
                )

    def write(self, vals):
        for name in FIXED_FIELDS:
            if name in vals and any(one[name].id != (vals[name] or False) for one in self):
                raise UserError(
                    self.env._("A class of service stays with whom it was made for: duplicate it for somebody else.")
                )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        """Say who has it: without it they could call everything."""
        for one in self:
            if user := (one.account_ids[:1] or one.phone_ids[:1]):
                raise UserError(
                    self.env._(
                        "%(who)s has the class %(name)s: give it another one first.",
                        who=user.display_name,
                        name=one.name,
                    )
                )
