from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

CHART = "telecom_light"


class TelecomTenant(models.Model):
    _inherit = "telecom.tenant"

    account_state = fields.Selection(related="account_id.state", string="State")

    @api.model
    def _open_reseller(self, provider, values):
        """Make a reseller below a tenant: company with books, account at its provider, tenant, tax, first plan, person.

        `provider`: the tenant that it buys from. `values`: name, email, currency (record), country (record), tz,
        mode, credit_limit, rate_plan (record of the provider, may be empty), tax_name and tax_percent (0: none),
        markup_percent (None: no first plan), admin_name, admin_email (empty: nobody is invited), chart.
        Returns the tenant. To be called with raised rights after `_check_may_open`: a reseller's own people may make
        resellers below it, and have no rights on companies.
        """
        company = self._open_company(values)
        account = self._open_account_at(provider, values)
        tenant = self.create({"company_id": company.id, "parent_id": provider.id, "account_id": account.id})
        tenant._make_tax(values)
        tenant._make_first_plan(values)
        if values.get("admin_email"):
            tenant._invite_administrator(values["admin_name"] or values["name"], values["admin_email"])
        return tenant

    @api.model
    def _check_may_open(self, provider):
        """Raise AccessError unless the user may make resellers below a tenant."""
        user = self.env.user
        if user.has_group("telecom_base.group_admin"):
            provider.check_access("read")
            return
        own = provider.sudo().company_id in user.company_ids
        if not (user.has_group("telecom_base.group_reseller_admin") and own):
            raise AccessError(self.env._("You can only make resellers of your own company."))

    @api.model
    def _open_company(self, values):
        """Make the company and give it its chart.

        It is made without a country: Odoo would load that country's chart at the end. The chart takes the currency of
        the fiscal country, so the one that is wanted is set afterwards.
        """
        partner = self.env["res.partner"].create(
            {"name": values["name"], "is_company": True, "email": values.get("email"), "tz": values["tz"]}
        )
        company = self.env["res.company"].create(
            {"name": values["name"], "partner_id": partner.id, "currency_id": values["currency"].id}
        )
        partner.company_id = company  # who is not of this company shall not find it
        self.env.user.company_ids += company
        company.account_fiscal_country_id = values["country"]
        charts = self.env["account.chart.template"].with_company(company)
        charts.try_loading(values.get("chart") or CHART, company=company, install_demo=False)
        company.write({"country_id": values["country"].id, "currency_id": values["currency"].id})
        return company

    @api.model
    def _open_account_at(self, provider, values):
        company = provider.company_id
        partner = self.env["res.partner"].create(
            {
                "name": values["name"],
                "is_company": True,
                "email": values.get("email"),
                "company_id": company.id,
                "country_id": values["country"].id,
                "tz": values["tz"],
            }
        )
        return (
            self.env["telecom.billing.account"]
            .with_company(company)
            .create(
                {
                    "company_id": company.id,
                    "partner_id": partner.id,
                    "mode": values["mode"],
                    "credit_limit": values["credit_limit"],
                    "country_id": values["country"].id,
                    "tz": values["tz"],
                    "rate_plan_id": values["rate_plan"].id,
                }
            )
        )

    def _make_tax(self, values):
        """Make the tax that the reseller's customers pay, of which it had none in its chart."""
        if not values.get("tax_percent"):
            return
        country = values["country"]
        group = self.env["account.tax.group"].create(
            {"name": values["tax_name"], "company_id": self.company_id.id, "country_id": country.id}
        )
        tax = self.env["account.tax"].create(
            {
                "name": f"{values['tax_name']} {values['tax_percent']:g}%",
                "company_id": self.company_id.id,
                "country_id": country.id,
                "tax_group_id": group.id,
                "amount_type": "percent",
                "amount": values["tax_percent"],
                "type_tax_use": "sale",
                "price_include_override": "tax_excluded",
            }
        )
        self.company_id.account_sale_tax_id = tax
        self.company_id.income_account_id.with_company(self.company_id).tax_ids = tax  # for lines without a product

    def _make_first_plan(self, values):
        """Let the reseller begin with one plan: its provider's prices and a mark-up."""
        if values.get("markup_percent") is None or not values["rate_plan"]:
            return
        self.env["telecom.rate.plan"].create(
            {
                "name": self.env._("Standard"),
                "company_id": self.company_id.id,
                "currency_id": self.account_id.currency_id.id,
                "direction": "outbound",
                "timezone": values["tz"],
                "base": "parent",
                "default_method": "percent",
                "default_percent": values["markup_percent"],
            }
        )

    def _invite_administrator(self, name, email):
        """Make the reseller's first log-in and mail it the invitation, in the reseller's own name."""
        self.ensure_one()
        company = self.company_id
        partner = self.env["res.partner"].create(
            {"name": name, "email": email, "company_id": company.id, "parent_id": company.partner_id.id}
        )
        user = (
            self.env["res.users"]
            .with_company(company)
            .with_context(no_reset_password=True)
            .create(
                {
                    "login": self.env["res.users"]._telecom_free_log_in(email, self.parent_id.company_id),
                    "partner_id": partner.id,
                    "company_id": company.id,
                    "company_ids": [(6, 0, company.ids)],
                    "group_ids": [(6, 0, self.env.ref("telecom_base.group_reseller_admin").ids)],
                }
            )
        )
        user._telecom_invite()
        return user

    def action_suspend(self):
        """Stop all calls of the reseller and of everybody below it; nothing is lost."""
        self._own_accounts().action_suspend()

    def action_activate(self):
        """Let a suspended reseller's customers call again."""
        self._own_accounts().action_activate()

    def action_close(self):
        """End the business with resellers for ever; what they owe and have stays on the books."""
        for tenant in self:
            domain = [("company_id", "=", tenant.company_id.id), ("state", "!=", "closed")]
            open_sudo = self.env["telecom.billing.account"].sudo()  # also those that the closer does not see
            if open_sudo.search_count(domain, limit=1):
                raise UserError(
                    self.env._(
                        "%s still has customers. Close their accounts, or suspend the reseller instead.", tenant.name
                    )
                )
        self._own_accounts().action_close()

    def _own_accounts(self):
        """Return the accounts of these resellers at their providers; rights on those decide."""
        if owner := self.filtered(lambda tenant: not tenant.parent_id):
            raise UserError(self.env._("%s owns the system: nobody can suspend it.", owner.name))
        return self.account_id
