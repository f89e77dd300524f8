OWNED_MODELS = (
    "res.partner",
    "product.template",
    "product.pricelist",
    "resource.calendar",
    "account.analytic.account",
    "digest.digest",
)


def post_init_hook(env):
    """Give rows that were there before this addon a company: nobody sees a row that belongs to none."""
    _own_companies_and_users(env)
    owner = env["telecom.tenant"].search([("parent_id", "=", False)]).company_id
    robot = env.ref("base.partner_root")  # its rule names it: every tenant's pages show it as the author of log lines
    for name in OWNED_MODELS:
        domain = [("company_id", "=", False)] + ([("id", "!=", robot.id)] if name == "res.partner" else [])
        env[name].with_context(active_test=False).search(domain).write({"company_id": owner.id})


def _own_companies_and_users(env):
    for company in env["res.company"].search([]):
        company.partner_id.company_id = company
    users = env["res.users"].with_context(active_test=False).search([("partner_id.company_id", "=", False)])
    for user in users - env.ref("base.user_root"):
        user.partner_id.company_id = user.company_id
