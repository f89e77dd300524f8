from odoo import fields, models


class MailAlias(models.Model):
    _inherit = "mail.alias"

    # All companies may share one mail domain: then only the journal tells whose alias it is
    telecom_journal_ids = fields.One2many("account.journal", "alias_id", context={"active_test": False})
