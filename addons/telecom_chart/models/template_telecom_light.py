from odoo import models
from odoo.addons.account.models.chart_template import template


class AccountChartTemplate(models.AbstractModel):
    """The chart `telecom_light`: what invoices, payments and a bank account need, and no more.

    A company with a country's own chart has hundreds of accounts and takes three times as long to make; a reseller
    that wants one loads it instead, before its first invoice.
    """

    _inherit = "account.chart.template"

    @template("telecom_light")
    def _get_telecom_light_template_data(self):
        return {
            "name": self.env._("Telecom: light"),
            "country": None,
            "code_digits": "6",
            "sequence": 90,
            "property_account_receivable_id": "telecom_light_receivable",
            "property_account_payable_id": "telecom_light_payable",
        }

    @template("telecom_light", "res.company")
    def _get_telecom_light_res_company(self):
        return {
            self.env.company.id: {
                "bank_account_code_prefix": "1010",
                "cash_account_code_prefix": "1020",
                "transfer_account_code_prefix": "1030",
                "income_currency_exchange_account_id": "telecom_light_exchange_gain",
                "expense_currency_exchange_account_id": "telecom_light_exchange_loss",
                "default_cash_difference_income_account_id": "telecom_light_exchange_gain",
                "default_cash_difference_expense_account_id": "telecom_light_exchange_loss",
                "account_journal_early_pay_discount_loss_account_id": "telecom_light_expense",
                "account_journal_early_pay_discount_gain_account_id": "telecom_light_income",
                "income_account_id": "telecom_light_income",
                "expense_account_id": "telecom_light_expense",
            },
        }

    @template("telecom_light", "account.account")
    def _get_telecom_light_account_account(self):
        return {
            f"telecom_light_{key}": {"code": code, "name": name, "account_type": kind, "reconcile": reconcile}
            for key, code, name, kind, reconcile in (
                ("receivable", "120000", self.env._("Customers"), "asset_receivable", True),
                ("payable", "210000", self.env._("Suppliers"), "liability_payable", True),
                ("tax", "220000", self.env._("Tax on Sales"), "liability_current", False),
                ("prepaid", "230000", self.env._("Prepaid by Customers"), "liability_current", True),
                ("income", "400000", self.env._("Sales"), "income", False),
                ("expense", "600000", self.env._("Purchases"), "expense", False),
                ("exchange_gain", "700100", self.env._("Exchange Gains and Differences"), "income_other", False),
                ("exchange_loss", "700200", self.env._("Exchange Losses and Differences"), "expense", False),
                ("earnings", "999999", self.env._("Undistributed Profits"), "equity_unaffected", False),
            )
        }
