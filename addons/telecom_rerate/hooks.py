def uninstall_hook(env):
    """Take out of the database what Odoo does not know. Charges that were corrected stay corrected."""
    env.cr.execute(
        """
        drop view if exists telecom_rerate_line_view, telecom_rerate_sum_view,
            telecom_rerate_cost_line_view, telecom_rerate_cost_sum_view;
        drop table if exists telecom_rerate_fault;
        """
    )
