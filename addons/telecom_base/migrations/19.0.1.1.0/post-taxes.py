from odoo import SUPERUSER_ID, api
from odoo.tools import SQL
from odoo.tools.sql import column_exists


def migrate(cr, version):
    """An account had one tax in percent; it keeps it as the first of its taxes. Safe to run twice."""
    if not column_exists(cr, "telecom_billing_account", "tax_id"):
        return
    cr.execute(
        SQL(
            """insert into telecom_account_tax_rel (account_id, tax_id)
               select id, tax_id from telecom_billing_account where tax_id is not null
               on conflict do nothing returning account_id"""
        )
    )
    taxed = [account_id for (account_id,) in cr.fetchall()]
    accounts = api.Environment(cr, SUPERUSER_ID, {})["telecom.billing.account"].browse(taxed)
    accounts.invalidate_recordset()
    for name in ("levied_tax_ids", "price_tax_ids"):
        accounts.env.add_to_compute(accounts._fields[name], accounts)
    accounts.flush_recordset()
