def uninstall_hook(env):
    """Take the figures out of the database: Odoo does not know their table."""
    env.cr.execute("drop table if exists telecom_trunk_quality cascade")
    env.cr.execute("drop function if exists telecom_trunk_quality_refresh cascade")
