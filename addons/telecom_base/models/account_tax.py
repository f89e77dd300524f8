from odoo import api, models
from odoo.exceptions import ValidationError

from telecom_switch_bridge.core.tax import Tax

PERCENT_TO_PPM = 10_000  # Odoo keeps rates in percent with 4 decimals
UNIT_TO_MICRO = 1_000_000


class AccountTax(models.Model):
    _inherit = "account.tax"

    @api.constrains(
        "amount",
        "amount_type",
        "type_tax_use",
        "active",
        "sequence",
        "price_include_override",
        "include_base_amount",
        "is_base_affected",
        "children_tax_ids",
        "invoice_repartition_line_ids",
    )
    def _check_telecom_accounts(self):
        """Refuse a change that calls of accounts with this tax could not bear."""
        accounts_sudo = self.env["telecom.billing.account"].sudo()  # whoever changes a tax may not see every customer
        paying_sudo = accounts_sudo.search(
            [
                "|",
                "|",
                ("tax_ids", "in", self.ids),
                ("levied_tax_ids", "in", self.ids),
                ("price_tax_ids", "in", self.ids),
            ]
        )
        archived = self.filtered(lambda tax: not tax.active)
        if archived and paying_sudo:
            raise ValidationError(
                self.env._(
                    "%(tax)s is charged on calls of %(count)s billing accounts. Take it off them (Taxes on Calls), then"
                    " archive it.",
                    tax=archived[0].name,
                    count=len(paying_sudo),
                )
            )
        paying_sudo._check_taxes()

    def _telecom_flat(self):
        """Return the taxes with groups taken apart, in the order in which Odoo evaluates them."""
        return self._flatten_taxes_and_sort_them()[0]

    def _telecom_taxes(self):
        """Return the taxes as the core's values, in order; raise ValidationError for what calls cannot bear."""
        flat = self._telecom_flat()
        if flat.ids != flat.sorted(lambda tax: (tax.sequence, tax.id)).ids:
            raise ValidationError(
                self.env._(
                    "The taxes of group %s would be charged in another order than their own sequence. Give the group"
                    " and its taxes sequences that agree.",
                    ", ".join(self.filtered(lambda tax: tax.amount_type == "group").mapped("name")),
                )
            )
        return tuple(tax._telecom_tax() for tax in flat)

    def _telecom_tax(self):
        if self.type_tax_use != "sale" and not self._telecom_is_member():
            raise ValidationError(self.env._("%s is no sales tax. Choose a tax of type Sales.", self.name))
        if self.has_negative_factor:
            raise ValidationError(
                self.env._(
                    "%s is distributed with negative parts (reverse charge). For customers who account for the tax"
                    " themselves choose a tax of 0 %% or a fiscal position without taxes.",
                    self.name,
                )
            )
        scale = UNIT_TO_MICRO if self.amount_type == "fixed" else PERCENT_TO_PPM
        return Tax(
            self.id,
            self.name,
            self.amount_type,
            round(self.amount * scale),
            self.price_include,
            self.include_base_amount,
            self.is_base_affected,
        )

    def _telecom_is_member(self):
        """Return True for a tax that is only used inside groups (type None)."""
        return self.type_tax_use == "none" and bool(
            self.env["account.tax"].sudo().search_count([("children_tax_ids", "in", self.ids)], limit=1)
        )
