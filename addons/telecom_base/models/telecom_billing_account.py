import re

from odoo import api, fields, models
from odoo.addons.base.models.res_partner import _tz_get
from odoo.exceptions import UserError, ValidationError

from ..tools.optional_integer import OptionalInteger

NUMBER_PATTERN = re.compile(r"[A-Z][A-Z0-9]{0,15}")  # SIP user names are made from it
FIXED_FIELDS = ("number", "company_id", "partner_id", "currency_id")
NEXT_STATES = {"active": {"suspended", "closed"}, "suspended": {"active", "closed"}, "closed": set()}


class TelecomBillingAccount(models.Model):
    """A customer with its provider: who is charged, how, in which currency and up to which limit."""

    _name = "telecom.billing.account"
    _description = "Billing Account"
    _inherit = ["mail.thread", "telecom.amount.mixin", "telecom.limit.mixin"]
    _order = "company_id.id, number"  # as the index has them: companies by name would mean to sort all accounts first
    _rec_names_search = ["name"]  # not the contact: resellers may not read contacts
    _check_company_auto = True

    name = fields.Char(compute="_compute_name", store=True, string="Account")
    number = fields.Char(
        string="Account Number",
        copy=False,
        readonly=True,
        help="Given by the provider's sequence; stays for ever.",
    )
    company_id = fields.Many2one(
        "res.company",
        string="Provider",
        required=True,
        index=True,
        ondelete="restrict",
        default=lambda self: self.env.company,
        help="The tenant that sells to this customer, charges and invoices it.",
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        index=True,
        ondelete="restrict",
        domain="[('company_id', 'in', [company_id, False])]",
        help="A contact that belongs to the provider's company. One without a company can become the owner's customer.",
    )
    customer_tenant_ids = fields.One2many("telecom.tenant", "account_id", string="Reseller")
    customer_company_id = fields.Many2one(
        "res.company",
        string="Reseller's Company",
        compute="_compute_customer_company_id",
        store=True,
        compute_sudo=True,
        index="btree_not_null",
        help="Set when the customer is a reseller: its own company, whose staff may see this account.",
    )
    mode = fields.Selection(
        [("prepaid", "Prepaid"), ("postpaid", "Postpaid")],
        required=True,
        default="prepaid",
        tracking=True,
        help="Prepaid: calls use what was paid before. Postpaid: calls may go below zero down to the credit limit.",
    )
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        ondelete="restrict",
        compute="_compute_currency_id",
        store=True,
        readonly=False,
        precompute=True,
        help="All amounts of this account are in this currency.",
    )
    credit_limit = fields.Float(
        digits=(20, 6),
        min_display_digits=2,
        tracking=True,
        help="How far below zero the balance may go, in the account's currency. Zero for prepaid.",
    )
    state = fields.Selection(
        [("active", "Active"), ("suspended", "Suspended"), ("closed", "Closed")],
        required=True,
        default="active",
        copy=False,
        tracking=True,
        help="Suspended: emergency calls only; nothing is lost. Closed: for ever.",
    )
    tz = fields.Selection(
        _tz_get,
        string="Time Zone",
        required=True,
        default=lambda self: self.env.company._telecom_tz() or self.env.user.tz or "UTC",
        help="Days, months and price bands of this customer are in this time zone.",
    )
    country_id = fields.Many2one(
        "res.country",
        string="Home Country",
        required=True,
        ondelete="restrict",
        default=lambda self: self.env.company.country_id,
        help="Numbers dialled without an international prefix are numbers of this country.",
    )

    max_calls_outbound = OptionalInteger(
        string="Calls Out at Once",
        tracking=True,
        help="How many calls to the outside may run or ring at the same time; forwarded ones count too. A reseller's"
        " account counts the calls of all its customers. Internal and emergency calls are never limited. Empty: no"
        " limit.",
    )
    max_calls_inbound = OptionalInteger(
        string="Calls In at Once",
        tracking=True,
        help="How many calls from the outside may run or ring at the same time; a reseller's account counts the calls"
        " of all its customers. Empty: no limit.",
    )
    max_calls_per_second = OptionalInteger(
        string="New Calls per Second",
        tracking=True,
        help="How many calls to and from the outside may begin in one second, at each switch node; as many may begin"
        " at once. Empty: no limit.",
    )

    _number_unique = models.Constraint(
        "UNIQUE (company_id, number)", "This provider has an account with this number already."
    )
    _credit_limit_positive = models.Constraint(
        "CHECK (credit_limit >= 0)", "A credit limit is zero or more: 50 lets the balance go down to -50."
    )
    _prepaid_no_credit = models.Constraint(
        "CHECK (mode <> 'prepaid' OR credit_limit = 0)",
        "A prepaid account has no credit limit. Set the limit to zero, or choose postpaid.",
    )

    @api.depends("number", "partner_id.name")
    def _compute_name(self):
        for account in self:
            account.name = " ".join(filter(None, (account.number, account.partner_id.name)))

    @api.depends("company_id")
    def _compute_currency_id(self):
        for account in self:
            account.currency_id = account.company_id.currency_id

    @api.depends("customer_tenant_ids.company_id")
    def _compute_customer_company_id(self):
        for account in self:
            account.customer_company_id = account.customer_tenant_ids[:1].company_id

    @api.onchange("mode")
    def _onchange_mode(self):
        if self.mode == "prepaid":
            self.credit_limit = 0.0

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            company = self.env["res.company"].browse(vals.get("company_id") or self.env.company.id)
            vals["number"] = vals.get("number") or company._telecom_next_account_number()
            self._take_contact(company, self.env["res.partner"].browse(vals.get("partner_id") or False))
        return super().create(vals_list)

    @api.model
    def _take_contact(self, company, contact):
        """Let a contact that is common to the owner's companies belong to the one whose customer it becomes."""
        owner_sudo = self.env["telecom.tenant"].sudo().search([("parent_id", "=", False)], limit=1)
        if contact and not contact.company_id and company == owner_sudo.company_id:
            contact.company_id = company

    def write(self, vals):
        self._refuse_fixed(vals)
        if "state" in vals:
            self._refuse_state(vals["state"])
        return super().write(vals)

    def _refuse_fixed(self, vals):
        """Raise UserError when a value that invoices and calls rest on would change."""
        for name in FIXED_FIELDS:
            if name not in vals:
                continue
            for account in self:
                old = account[name].id if account._fields[name].relational else account[name]
                if old != vals[name]:
                    label = account._fields[name]._description_string(self.env)
                    raise UserError(
                        self.env._("%s of an account stays as it is. Close the account and open another one.", label)
                    )

    def _refuse_state(self, state):
        """Raise UserError when an account cannot go to `state` from where it is; staying is allowed."""
        for account in self:
            if state != account.state and state not in NEXT_STATES[account.state]:
                raise UserError(
                    self.env._("Account %s is closed for ever. Open a new account for this customer.", account.number)
                )

    @api.constrains("number")
    def _check_number(self):
        for account in self:
            if not NUMBER_PATTERN.fullmatch(account.number or ""):
                raise ValidationError(
                    self.env._(
                        "%s cannot be an account number: use a capital letter, then up to 15 capital letters or"
                        " digits.",
                        account.number or "",
                    )
                )

    @api.constrains("company_id")
    def _check_provider(self):
        tenants_sudo = self.env["telecom.tenant"].sudo()  # whether a company sells telephony is no secret to its staff
        for account in self:
            if not tenants_sudo.search_count([("company_id", "=", account.company_id.id)], limit=1):
                raise ValidationError(
                    self.env._(
                        "%s does not sell telephony. Make it a tenant first (Telecom > Customers > Tenants).",
                        account.company_id.name,
                    )
                )

    @api.constrains("company_id", "partner_id")
    def _check_customer_company(self):
        """Refuse a contact that other tenants could see."""
        for account in self:
            if account.partner_id.company_id != account.company_id:
                raise ValidationError(
                    self.env._(
                        "Customer %(customer)s does not belong to %(provider)s. Set the company on the contact, or"
                        " choose another one.",
                        customer=account.partner_id.display_name,
                        provider=account.company_id.name,
                    )
                )

    def action_suspend(self):
        """Stop all calls of these accounts until they are activated again."""
        self.write({"state": "suspended"})

    def action_activate(self):
        """Let suspended accounts call again."""
        self.write({"state": "active"})

    def action_close(self):
        """Close the accounts for ever; their calls, entries and invoices stay."""
        self.write({"state": "closed"})
