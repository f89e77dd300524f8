def post_init_hook(env):
    """Give tenants that were there before this addon their brands, and the website of unknown hosts a neutral name."""
    env["telecom.tenant"].search([])._telecom_make_brands()
    env["website"]._telecom_make_neutral()
