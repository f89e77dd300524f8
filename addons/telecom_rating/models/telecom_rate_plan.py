from collections import Counter

from odoo import api, fields, models
from odoo.addons.base.models.res_partner import _tz_get
from odoo.addons.telecom_base.tools.amounts import DIGITS
from odoo.addons.telecom_base.tools.roles import PRICES_AND_RESELLERS
from odoo.exceptions import UserError, ValidationError

from .telecom_billing_account import PLAN_FIELDS

FIXED_FIELDS = ("company_id", "currency_id", "direction")
ROUNDING_METHODS = [
    ("half_up", "Half Up"),
    ("up", "Up"),
    ("down", "Down"),
    ("none", "Not Rounded (6 decimals)"),
]


class TelecomRatePlan(models.Model):
    """Prices of a tenant for its customers: its own, or a mark-up on what the tenant itself pays its provider."""

    _name = "telecom.rate.plan"
    _description = "Rate Plan"
    _inherit = ["mail.thread", "telecom.amount.mixin"]
    _order = "company_id, name"

    name = fields.Char(required=True, tracking=True)
    active = fields.Boolean(default=True, tracking=True)
    company_id = fields.Many2one(
        "res.company",
        string="Provider",
        required=True,
        index=True,
        ondelete="restrict",
        default=lambda self: self.env.company,
        help="The tenant that sells by this plan.",
    )
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        ondelete="restrict",
        compute="_compute_currency_id",
        store=True,
        readonly=False,
        precompute=True,
        help="All prices of the plan are in this currency. Accounts in another one pay at the owner's rate of exchange"
        " (Invoicing > Currencies) of the day of the call.",
    )
    direction = fields.Selection(
        [("outbound", "Outbound Calls"), ("inbound", "Inbound Calls")],
        required=True,
        default="outbound",
        help="Inbound: what customers pay for calls to their own numbers; the number called decides the destination.",
    )
    timezone = fields.Selection(
        _tz_get,
        string="Time Zone",
        required=True,
        default=lambda self: self.env.company._telecom_tz() or "UTC",
        help="Hours and days of prices are in this time zone.",
    )
    base = fields.Selection(
        [("explicit", "Own Prices"), ("parent", "Mark-up on the Provider's Prices")],
        string="Prices",
        required=True,
        default="explicit",
        tracking=True,
        help="Own prices: each destination that is sold has a price here. Mark-up: the prices that this tenant pays"
        " its own provider, plus a mark-up; when the provider changes a price, this plan follows at once.",
    )
    default_method = fields.Selection(
        [("none", "Not Sold"), ("percent", "Mark-up in Percent"), ("absolute", "Mark-up per Minute")],
        string="Other Destinations",
        required=True,
        default="none",
        tracking=True,
        help="What holds for every destination that has no price of its own in this plan. Outbound calls to what is"
        " not sold are refused; calls to numbers that an inbound plan has no price for are free.",
    )
    default_percent = fields.Float(
        string="Default Mark-up (%)",
        digits=DIGITS,
        min_display_digits=2,
        default=0.0,
        tracking=True,
        groups=PRICES_AND_RESELLERS,
        help="Percent on top of the provider's connect fee and prices: 25 turns 0.020000 into 0.025000.",
    )
    default_absolute = fields.Float(
        string="Default Mark-up (per minute)",
        digits=DIGITS,
        min_display_digits=4,
        default=0.0,
        tracking=True,
        groups=PRICES_AND_RESELLERS,
        help="Added to the provider's price per minute; the connect fee stays.",
    )
    rounding_method = fields.Selection(
        ROUNDING_METHODS,
        string="Round Cost of a Call",
        tracking=True,
        help="The cost of a whole call is rounded once, by this rule. Empty: as the provider's plan.",
    )
    rounding_decimals = fields.Integer(string="Decimals", default=4, tracking=True, help="Decimals kept, 0 to 6.")
    rate_ids = fields.One2many("telecom.rate", "plan_id", string="Rates", copy=True, groups=PRICES_AND_RESELLERS)
    rate_count = fields.Integer(compute="_compute_rate_count", string="Number of Rates")
    account_count = fields.Integer(compute="_compute_account_count", string="Accounts")

    _name_unique = models.Constraint("UNIQUE (company_id, name)", "This provider has a rate plan of this name already.")
    _markup_positive = models.Constraint(
        "CHECK (default_percent >= 0 AND default_percent <= 100000 AND default_absolute >= 0"
        " AND default_absolute <= 1000000)",
        "A mark-up is zero or more: at most 100,000 percent, or 1,000,000 per minute.",
    )
    _decimals_bounds = models.Constraint(
        "CHECK (rounding_decimals BETWEEN 0 AND 6)", "The cost of a call is rounded to 0 to 6 decimals."
    )
    _explicit_complete = models.Constraint(
        "CHECK (base <> 'explicit' OR rounding_method IS NOT NULL)",
        "A plan with own prices must say how the cost of a call is rounded.",
    )

    @api.depends("company_id")
    def _compute_currency_id(self):
        for plan in self:
            plan.currency_id = plan.company_id.currency_id

    def _compute_rate_count(self):
        rates_sudo = self.env["telecom.rate"].sudo()  # how many there are is no price: Support may know
        counts = dict(rates_sudo._read_group([("plan_id", "in", self.ids)], ["plan_id"], ["__count"]))
        for plan in self:
            plan.rate_count = counts.get(plan, 0)

    def _compute_account_count(self):
        accounts = self.env["telecom.billing.account"]
        counts = Counter()
        for name in PLAN_FIELDS.values():
            counts.update(dict(accounts._read_group([(name, "in", self.ids)], [name], ["__count"])))
        for plan in self:
            plan.account_count = counts[plan]

    @api.onchange("base")
    def _onchange_base(self):
        if self.base == "explicit":
            self.default_method = "none"
            self.rounding_method = self.rounding_method or "half_up"
        elif self.default_method == "none" and not self.rate_ids:
            self.default_method = "percent"

    def copy_data(self, default=None):
        """A copy has the same rates and another name."""
        vals_list = super().copy_data(default)
        for plan, vals in zip(self, vals_list, strict=True):
            if "name" not in (default or {}):
                vals["name"] = self.env._("%s (copy)", plan.name)
        return vals_list

    def write(self, vals):
        self._refuse_fixed(vals)
        if vals.get("active") is False:
            self._refuse_in_use()
        return super().write(vals)

    def _refuse_fixed(self, vals):
        """Raise UserError when what accounts and prices rest on would change."""
        changing = {
            name
            for name in set(FIXED_FIELDS) & set(vals)
            for plan in self
            if vals[name] != (plan[name].id if plan._fields[name].relational else plan[name])
        }
        if "company_id" in changing:
            raise UserError(self.env._("A rate plan stays with its provider. Make a new plan in the other company."))
        if changing and self._is_used():
            raise UserError(
                self.env._(
                    "Currency and direction stay as they are once a plan has rates or accounts. Make a new plan."
                )
            )

    def _is_used(self):
        """Return whether any of these plans has rates or accounts."""
        rates_sudo, accounts_sudo = self.env["telecom.rate"].sudo(), self.env["telecom.billing.account"].sudo()
        assignments_sudo = self.env["telecom.plan.assignment"].sudo()  # also those that are over
        has_rates = any(
            model.search_count([("plan_id", "in", self.ids)], limit=1) for model in (rates_sudo, assignments_sudo)
        )
        return bool(has_rates or accounts_sudo.search_count(self._domain_of_accounts(), limit=1))  # anybody's

    def _domain_of_accounts(self):
        """Return the domain of accounts that these plans price calls of."""
        return ["|", *((name, "in", self.ids) for name in PLAN_FIELDS.values())]

    def _refuse_in_use(self):
        """Raise UserError when accounts that are not closed use these plans."""
        accounts_sudo = self.env["telecom.billing.account"].sudo()  # also accounts that this user may not read
        for plan in self:
            planned = [
                ("plan_assignment_ids", "any", [("plan_id", "=", plan.id), ("valid_from", ">", fields.Datetime.now())])
            ]
            domain = ["&", ("state", "!=", "closed"), "|", *planned, *plan._domain_of_accounts()]
            if count := accounts_sudo.search_count(domain):
                raise UserError(
                    self.env._(
                        "Accounts use the plan %(plan)s (%(count)s of them). Give them another plan first.",
                        count=count,
                        plan=plan.name,
                    )
                )

    @api.constrains("company_id", "base", "currency_id")
    def _check_provider(self):
        """Only tenants sell; only resellers have a provider, and they pay it in one currency."""
        for plan in self:
            tenant_sudo = plan._tenant_sudo()
            if not tenant_sudo:
                raise ValidationError(
                    self.env._(
                        "%s does not sell telephony. Make it a tenant first (Telecom > Customers > Tenants).",
                        plan.company_id.name,
                    )
                )
            if plan.base == "explicit":
                continue
            if not tenant_sudo.parent_id:
                raise ValidationError(
                    self.env._("%s buys from nobody: its plans have their own prices.", plan.company_id.name)
                )
            if tenant_sudo.account_id.currency_id != plan.currency_id:
                raise ValidationError(
                    self.env._(
                        "%(company)s pays its provider in %(currency)s: a plan that marks up those prices must be in"
                        " %(currency)s too.",
                        company=plan.company_id.name,
                        currency=tenant_sudo.account_id.currency_id.name,
                    )
                )

    @api.constrains("base", "default_method")
    def _check_base(self):
        """Nothing can be marked up in a plan with its own prices."""
        for plan in self.filtered(lambda plan: plan.base == "explicit"):
            if plan.default_method != "none":
                raise ValidationError(
                    self.env._("%s has its own prices: there is nothing to mark up for other destinations.", plan.name)
                )
            if plan.rate_ids.filtered(lambda rate: rate.method != "fixed"):
                raise ValidationError(
                    self.env._("%s has mark-ups in its rates. Turn them into prices or delete them first.", plan.name)
                )

    def _tenant_sudo(self):
        """Return the tenant that sells by this plan; what it pays its provider is not for everybody's eyes."""
        self.ensure_one()
        return self.env["telecom.tenant"].sudo().search([("company_id", "=", self.company_id.id)])

    def action_open_rates(self):
        """Open all rates of the plan."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("telecom_rating.action_rate")
        return {
            **action,
            "name": self.env._("Rates of %s", self.name),
            "display_name": self.env._("Rates of %s", self.name),
            "domain": [("plan_id", "=", self.id)],
            "context": {"default_plan_id": self.id, "search_default_in_force": 1},
        }

    def action_open_accounts(self):
        """Open the accounts that are charged by the plan."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("telecom_base.action_billing_account")
        defaults = {f"default_{PLAN_FIELDS[self.direction]}": self.id}
        return {**action, "domain": self._domain_of_accounts(), "context": defaults}

    def action_preview(self):
        """Ask what a call costs by this plan."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("telecom_rating.action_rate_preview")
        return {**action, "context": {"default_plan_id": self.id}}

    def action_price_list(self):
        """Open the prices of every destination as they are now."""
        return self.env["telecom.price.list.line"]._open(self)
