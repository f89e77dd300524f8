def post_init_hook(env):
    """Open the wallets of accounts that were there before this addon."""
    accounts = env["telecom.billing.account"].with_context(active_test=False).search([])
    accounts._open_wallets()
