def uninstall_hook(env):
    """Take the lines of statements out of the database: Odoo does not know their table."""
    env.cr.execute(
        "drop view if exists telecom_carrier_statement_line_view; drop table if exists telecom_statement_line;"
    )
