from odoo import api, fields, models
from odoo.exceptions import ValidationError

from telecom_switch_bridge.core.charge import ChargeRule
from telecom_switch_bridge.core.tax import TaxError

PARTNER = ("country_id", "state_id", "zip", "vat", "property_account_position_id")


class TelecomBillingAccount(models.Model):
    """Taxes of an account's calls: the seller's own, mapped by the fiscal position of the customer, as on invoices.

    The switch freezes them with each call, so a change holds from the next call on.
    """

    _inherit = "telecom.billing.account"

    tax_ids = fields.Many2many(
        "account.tax",
        "telecom_account_tax_rel",
        "account_id",
        "tax_id",
        string="Taxes on Calls",
        check_company=True,
        ondelete="restrict",
        tracking=True,
        domain="[('type_tax_use', '=', 'sale'), ('company_id', '=', company_id),"
        " ('amount_type', 'in', ('percent', 'division', 'fixed', 'group'))]",
        help="The provider's sales taxes, before the fiscal position of the customer. A flat amount is due once a call"
        " that costs something, in the account's currency. A tax that prices include is part of the plan's prices."
        " Empty: not taxed. Exempt customers whose prices include a tax: choose it here, and give the customer a"
        " fiscal position that takes it away.",
    )
    fiscal_position_id = fields.Many2one(
        "account.fiscal.position",
        compute="_compute_fiscal_position_id",
        store=True,
        compute_sudo=True,
        index="btree_not_null",
        groups="telecom_base.group_staff",
        help="By the customer's country and tax number, or as chosen on the customer (Invoicing).",
    )
    levied_tax_ids = fields.Many2many(
        "account.tax",
        "telecom_account_levied_tax_rel",
        "account_id",
        "tax_id",
        string="Charged",
        compute="_compute_levied_tax_ids",
        store=True,
        compute_sudo=True,
        ondelete="restrict",
        help="What is charged on calls: the taxes after the fiscal position, groups taken apart.",
    )
    price_tax_ids = fields.Many2many(
        "account.tax",
        "telecom_account_price_tax_rel",
        "account_id",
        "tax_id",
        string="Replaced",
        compute="_compute_levied_tax_ids",
        store=True,
        compute_sudo=True,
        ondelete="restrict",
        help="Taxes that the fiscal position has put others in the place of; prices that include them are lowered.",
    )

    @api.depends("company_id", "company_id.vat", "partner_id", *(f"partner_id.{name}" for name in PARTNER))
    def _compute_fiscal_position_id(self):
        for account in self:
            positions = self.env["account.fiscal.position"].with_company(account.company_id)
            account.fiscal_position_id = positions._get_fiscal_position(account.partner_id)

    @api.depends(
        "tax_ids",
        "tax_ids.amount_type",
        "tax_ids.children_tax_ids",
        "fiscal_position_id",
        "fiscal_position_id.tax_ids.original_tax_ids",
        "fiscal_position_id.tax_ids.amount_type",
        "fiscal_position_id.tax_ids.children_tax_ids",
    )
    def _compute_levied_tax_ids(self):
        for account in self:
            own = account.tax_ids._origin._telecom_flat()
            levied = account._mapped_taxes()._telecom_flat()
            account.levied_tax_ids = levied
            account.price_tax_ids = own if own != levied else False

    @api.onchange("company_id")
    def _onchange_company_taxes(self):
        """A new account pays the tax that its provider usually charges."""
        if not self._origin:
            self.tax_ids = self.company_id.account_sale_tax_id

    @api.constrains("tax_ids", "levied_tax_ids", "price_tax_ids")
    def _check_taxes(self):
        """Refuse what calls cannot bear; accounts with the same taxes are looked at once."""
        examples = {}
        for account in self:
            examples.setdefault((account.tax_ids, account.levied_tax_ids, account.price_tax_ids), account)
        for account in examples.values():
            price_taxes = account.price_tax_ids and account.tax_ids._telecom_taxes()
            try:
                ChargeRule(account._mapped_taxes()._telecom_taxes(), price_taxes or None)
            except TaxError as error:
                raise ValidationError(
                    self.env._(
                        "Calls of %(account)s cannot be taxed like this: %(reason)s.",
                        account=account.display_name,
                        reason=error,
                    )
                ) from error

    def _mapped_taxes(self):
        """Return the account's taxes as its customer's fiscal position has them."""
        self.ensure_one()
        self.fiscal_position_id.invalidate_recordset(["tax_map"])  # Odoo keeps it when only what a tax replaces changes
        return self.fiscal_position_id.map_tax(self.tax_ids._origin)

    def _look_for_fiscal_position(self):
        """Find the fiscal positions anew: those of the company have changed."""
        accounts = self.exists()
        for name in ("fiscal_position_id", "levied_tax_ids", "price_tax_ids"):
            self.env.add_to_compute(self._fields[name], accounts)
