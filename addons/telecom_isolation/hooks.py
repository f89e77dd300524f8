def post_init_hook(env):
    """Let the people of resellers that were there before this addon belong to them."""
    tenants = env["telecom.tenant"].search([("parent_id", "!=", False)])
    tenants.company_id._telecom_own_people()
