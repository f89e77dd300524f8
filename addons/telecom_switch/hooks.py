from .models.telecom_switch_schema import drop_schema


def uninstall_hook(env):
    """Take the seam out of the database; the tables written by the bridges stay, they are history."""
    drop_schema(env.cr)
