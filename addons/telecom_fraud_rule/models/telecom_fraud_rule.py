from odoo import api, fields, models
from odoo.addons.telecom_base.tools.sql import close_functions, run_sql_files
from odoo.exceptions import ValidationError
from odoo.tools import SQL

LONGEST_MIN = 24 * 60  # a day: the calls are remembered so long


class TelecomFraudRule(models.Model):
    """Calls that look like an attack: more of them in a time than a provider thinks usual lock the account.

    Counted and decided by `sql/fraud.sql` when a call asks for money, so that the call that is too many does not begin.
    """

    _name = "telecom.fraud.rule"
    _description = "Fraud Rule"
    _inherit = ["mail.thread"]
    _order = "company_id, name, id"

    name = fields.Char(required=True, tracking=True, help="What it is for, e.g. Calls to one number over and over.")
    active = fields.Boolean(default=True, tracking=True)
    company_id = fields.Many2one(
        "res.company",
        string="Provider",
        required=True,
        index=True,
        ondelete="cascade",
        default=lambda self: self.env.company,
    )
    kind = fields.Selection(
        [("repeated", "Calls to one number"), ("country", "Calls to unusual countries")],
        string="Counts",
        required=True,
        default="repeated",
        tracking=True,
        help="Calls to the outside of one account that cost something, also those that nobody answered.",
    )
    most_calls = fields.Integer(
        required=True,
        default=20,
        tracking=True,
        help="So many calls are let through in the time; the next one is refused and locks the account. 0: the first"
        " one does.",
    )
    within_min = fields.Integer(
        string="Within (min)",
        required=True,
        default=60,
        tracking=True,
        help="Calls of the last so many minutes count, since the account was unlocked last. At most a day: 1440.",
    )
    countries = fields.Selection(
        [("others", "All countries but these"), ("these", "These countries")],
        string="Unusual Are",
        required=True,
        default="others",
        tracking=True,
    )
    country_ids = fields.Many2many(
        "res.country",
        "telecom_fraud_rule_country_rel",
        "rule_id",
        "country_id",
        string="Countries",
        help="Countries of destinations. What is in no country (satellites) is as unusual as any that is not named.",
    )
    at_night = fields.Boolean(
        string="At Night Only",
        tracking=True,
        help="Only calls of the account's night count, by the hours on the account.",
    )
    account_ids = fields.Many2many(
        "telecom.billing.account",
        "telecom_fraud_rule_account_rel",
        "rule_id",
        "account_id",
        string="Accounts",
        domain="[('company_id', '=', company_id)]",
        help="Empty: every customer of the provider, but no reseller, whose account has all its customers' calls.",
    )

    _most_calls_sane = models.Constraint(
        "CHECK (most_calls BETWEEN 0 AND 100000)", "Calls are a number from 0 to 100,000."
    )
    _within_sane = models.Constraint(
        f"CHECK (within_min BETWEEN 1 AND {LONGEST_MIN})", "The time is 1 to 1440 minutes (a day)."
    )

    def init(self):
        run_sql_files(self.env.cr, "telecom_fraud_rule", "fraud.sql")
        close_functions(self.env.cr, "telecom_fraud_")

    @api.constrains("kind", "country_ids")
    def _check_countries(self):
        for rule in self:
            if rule.kind == "country" and not rule.country_ids:
                raise ValidationError(
                    self.env._("Rule %s needs countries: name those that are usual, or those that are not.", rule.name)
                )

    @api.constrains("account_ids", "company_id")
    def _check_accounts(self):
        for rule in self:
            # sudo: an account of another tenant is not to be read, only refused
            if rule.sudo().account_ids.company_id - rule.company_id:
                raise ValidationError(
                    self.env._(
                        "Rule %(rule)s is for accounts of %(provider)s only: take the others out.",
                        rule=rule.name,
                        provider=rule.company_id.name,
                    )
                )

    @api.model
    def _cron_forget_calls(self):
        """Calls older than any rule's time."""
        self.env.execute_query(SQL("SELECT telecom_fraud_forget(%s)", LONGEST_MIN))
