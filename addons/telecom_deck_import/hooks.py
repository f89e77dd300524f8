def uninstall_hook(env):
    """Take out of the database what Odoo does not know: tables of results, triggers on decks and plans."""
    env.cr.execute(
        """
        drop view if exists telecom_price_change_view, telecom_price_replaced;
        drop table if exists telecom_price_change, telecom_price_touch, telecom_price_version;
        drop function if exists telecom_price_bump_plan, telecom_price_forget cascade;
        """
    )
