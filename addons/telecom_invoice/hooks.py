def uninstall_hook(env):
    """Take out of the database what Odoo does not know. Documents stay; which calls they are for is forgotten."""
    env.cr.execute("drop table if exists telecom_invoiced_charge, telecom_invoice_turn")
