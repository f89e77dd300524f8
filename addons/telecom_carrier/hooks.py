def uninstall_hook(env):
    """Take the decks out of the database: Odoo does not know their table."""
    env.cr.execute(
        """
        drop view if exists telecom_deck_rate_page;
        drop table if exists telecom_deck_rate, telecom_deck cascade;
        drop function if exists telecom_deck_changed, telecom_deck_of_nobody cascade;
        drop function if exists telecom_deck_rate_page_write, telecom_deck_micro;
        """
    )
