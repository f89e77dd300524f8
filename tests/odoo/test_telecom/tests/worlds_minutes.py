"""Included minutes of the worlds: every provider's plan has some, and each account has a block of its provider's."""


def build_minutes(worlds, customers, resellers, mark):
    """Make allowances; give each account its block. `customers`: provider of each; `mark`: text of a party's names."""
    counts = {"minutes": 100, "destination_ids": [(6, 0, worlds.destination.ids)]}
    for party in ("owner", *resellers):
        company, plan = worlds.companies[party], min(worlds.rows[party]["telecom.rate.plan"])
        worlds.make(party, "telecom.allowance", name=mark(party), plan_id=plan, **counts)
        block = {"kind": "block", "company_id": company.id, "price": 2}
        worlds.make(party, "telecom.allowance", name=f"{mark(party)} block", **block, **counts)
    for party, account in worlds.accounts.items():
        block = max(worlds.rows[customers.get(party, "owner")]["telecom.allowance"])
        worlds.env.cr.execute(
            "select telecom_allowance_give(%s, %s, 6000, null, %s, 0, %s, %s)",
            [account.id, block, f"worlds:{party}", mark(party), worlds.env.uid],
        )
    for model in ("telecom.allowance.bucket", "telecom.allowance.entry"):
        for party, account in worlds.accounts.items():
            worlds.add(party, worlds.env[model].search([("account_id", "=", account.id)]))
