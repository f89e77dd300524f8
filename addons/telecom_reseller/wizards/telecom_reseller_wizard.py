from odoo import api, fields, models
from odoo.addons.base.models.res_partner import _tz_get
from odoo.exceptions import UserError, ValidationError
from odoo.tools.mail import single_email_re


class TelecomResellerWizard(models.TransientModel):
    """Asks what a new reseller needs and makes all of it, or nothing."""

    _name = "telecom.reseller.wizard"
    _description = "New Reseller"

    provider_id = fields.Many2one(
        "telecom.tenant",
        required=True,
        ondelete="cascade",
        default=lambda self: self._default_provider_id(),
        help="Who sells to the new reseller: the owner of the system, or another reseller.",
    )
    provider_company_id = fields.Many2one("res.company", compute="_compute_provider_company_id", compute_sudo=True)
    provider_currency_id = fields.Many2one("res.currency", compute="_compute_provider_company_id", compute_sudo=True)
    name = fields.Char(string="Company Name", required=True)
    email = fields.Char(string="Company E-mail", help="Sender of what the reseller mails to its customers.")
    country_id = fields.Many2one(
        "res.country", required=True, ondelete="cascade", default=lambda self: self.env.company.country_id
    )
    tz = fields.Selection(
        _tz_get,
        string="Time Zone",
        required=True,
        default=lambda self: self.env.company._telecom_tz() or self.env.user.tz or "UTC",
    )
    currency_id = fields.Many2one(
        "res.currency",
        string="Currency of Its Books",
        required=True,
        ondelete="cascade",
        default=lambda self: self.env.company.currency_id,
        help="What it pays its provider is in the provider's currency.",
    )
    tax_name = fields.Char(string="Sales Tax", default="VAT", help="As it is called on invoices.")
    tax_percent = fields.Float(string="Tax (%)", help="Of the prices of the reseller's customers. 0: no tax.")
    mode = fields.Selection(
        [("prepaid", "Prepaid"), ("postpaid", "Postpaid")],
        required=True,
        default="prepaid",
        help="How the reseller pays its provider.",
    )
    credit_limit = fields.Float(
        digits=(20, 6), min_display_digits=2, help="How far below zero its balance may go, in the provider's currency."
    )
    rate_plan_id = fields.Many2one(
        "telecom.rate.plan",
        string="What It Pays",
        ondelete="cascade",
        domain="[('company_id', '=', provider_company_id), ('direction', '=', 'outbound')]",
        help="The provider's plan by which the reseller is charged. Without one its customers cannot call outside.",
    )
    make_plan = fields.Boolean(
        string="Give It a First Plan", default=True, help="A plan for its customers: its own prices and a mark-up."
    )
    markup_percent = fields.Float(string="Mark-up (%)", default=25.0, help="Of the first plan.")
    admin_name = fields.Char(string="Administrator")
    admin_email = fields.Char(
        string="Administrator's E-mail",
        help="Gets the invitation to choose a password; it is the log-in too. Empty: nobody is invited yet.",
    )
    summary = fields.Char(compute="_compute_summary", help="What Create will make.")

    _percent_bounds = models.Constraint(
        "CHECK (tax_percent BETWEEN 0 AND 100 AND markup_percent BETWEEN 0 AND 1000 AND credit_limit >= 0)",
        "A tax is between 0 and 100 percent, a mark-up between 0 and 1000, a credit limit zero or more.",
    )

    @api.model
    def _default_provider_id(self):
        return self.env["telecom.tenant"].search([("company_id", "=", self.env.company.id)], limit=1)

    @api.depends("provider_id")
    def _compute_provider_company_id(self):
        for wizard in self:
            wizard.provider_company_id = wizard.provider_id.company_id
            wizard.provider_currency_id = wizard.provider_id.company_id.currency_id

    @api.depends("name", "provider_id", "rate_plan_id", "make_plan", "markup_percent", "tax_percent", "admin_email")
    def _compute_summary(self):
        for wizard in self:
            name = wizard.name or self.env._("the reseller")
            parts = [self.env._("company %s with its books", name), self.env._("its account with its provider")]
            if wizard.tax_percent:
                parts.append(f"{wizard.tax_name} {wizard.tax_percent:g} %")
            if wizard.make_plan and wizard.rate_plan_id:
                parts.append(self.env._("a first plan with %s %% mark-up", f"{wizard.markup_percent:g}"))
            if wizard.admin_email:
                parts.append(self.env._("an invitation to %s", wizard.admin_email))
            wizard.summary = ", ".join(parts)

    @api.onchange("provider_id")
    def _onchange_provider_id(self):
        if self.rate_plan_id.company_id != self.provider_company_id:
            self.rate_plan_id = False

    @api.onchange("mode")
    def _onchange_mode(self):
        if self.mode == "prepaid":
            self.credit_limit = 0.0

    @api.constrains("rate_plan_id", "provider_id")
    def _check_rate_plan(self):
        for wizard in self:
            plan_sudo = wizard.rate_plan_id.sudo()
            if plan_sudo and plan_sudo.company_id != wizard.provider_company_id:
                raise ValidationError(self.env._("Choose a plan of the provider for what the reseller pays."))

    @api.constrains("admin_email", "email")
    def _check_emails(self):
        for address in filter(None, (*self.mapped("admin_email"), *self.mapped("email"))):
            if not single_email_re.match(address):
                raise ValidationError(self.env._("%s is not an e-mail address. Write it as name@example.com.", address))

    def action_create(self):
        """Make the reseller and open it."""
        self.ensure_one()
        tenants = self.env["telecom.tenant"]
        tenants._check_may_open(self.provider_id)
        self._refuse_known()
        tenant = tenants.sudo()._open_reseller(self.provider_id.sudo(), self._values())
        return {
            "type": "ir.actions.act_window",
            "res_model": "telecom.tenant",
            "res_id": tenant.id,
            "views": [(False, "form")],
            "context": {"allowed_company_ids": [*self.env.companies.ids, tenant.company_id.id]},
        }

    def _refuse_known(self):
        """Raise UserError for a name that another reseller of this provider has; elsewhere it may exist already."""
        name = (self.name or "").strip()
        if not name:
            raise UserError(self.env._("Give the reseller's company a name."))
        siblings_sudo = self.env["telecom.tenant"].sudo().search([("parent_id", "=", self.provider_id.id)])
        if name.casefold() in {one.name.casefold() for one in (*siblings_sudo, self.provider_id.sudo())}:
            raise UserError(self.env._("%s is a reseller of this provider already. Choose another name.", name))
        if self.admin_email:
            self.env["res.users"]._telecom_free_log_in(self.admin_email.strip(), self.provider_id.sudo().company_id)

    def _values(self):
        return {
            "name": self.name.strip(),
            "email": self.email,
            "country": self.country_id,
            "tz": self.tz,
            "currency": self.currency_id,
            "tax_name": self.tax_name or self.env._("Tax"),
            "tax_percent": self.tax_percent,
            "mode": self.mode,
            "credit_limit": self.credit_limit,
            "rate_plan": self.rate_plan_id.sudo(),  # the provider's own; checked above
            "markup_percent": self.markup_percent if self.make_plan else None,
            "admin_name": self.admin_name,
            "admin_email": (self.admin_email or "").strip(),
        }
