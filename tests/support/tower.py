"""A customer below five resellers, one below the other: six accounts that pay for each call. Made by SQL alone."""

from tests.support.demo_rows import Demo

MARKUPS_PERCENT = (10, 20, 5, 50, 100)
"""Of the resellers' plans, the highest reseller first; its own account is on the owner's wholesale plan."""


class Tower:
    """Ids by level: `accounts[0]` is the customer's, `accounts[5]` that of the highest reseller with the owner."""

    def __init__(self, demo: Demo, name: str) -> None:
        self.demo, self.db = demo, demo.db
        self.accounts: list[int] = []
        self.plans: list[int] = []
        self.inbound_plans: list[int] = []
        company, tenant, path = demo.owner, demo.owner_tenant, f"{demo.owner_tenant}/"
        plan, inbound = demo.wholesale, self._inbound(f"{name} numbers", company)
        for percent in MARKUPS_PERCENT:
            account = self._account(f"{name}{len(self.accounts)}", company, plan, inbound)
            company, tenant, path = self._reseller(f"{name} {percent}", tenant, path, account)
            plan = demo.plan(f"{name} +{percent}", company, base="parent", default_method="percent",
                             default_percent=percent)  # fmt: skip
            inbound = self._inbound(f"{name} numbers +{percent}", company, percent)
        self.customer_company = company
        self._account(f"{name}C", company, plan, inbound)
        self.endpoint = f"{name.lower()}-701"
        phone = demo.phone(self.accounts[0], "701", self.endpoint)
        target = self.db.insert("telecom_dial_target", account_id=self.accounts[0], kind="phone", phone_id=phone)
        self.number = f"44207946{len(name)}800"
        self.db.insert("telecom_number", e164=self.number, company_id=company, account_id=self.accounts[0],
                       target_id=target, active=True)  # fmt: skip

    def _account(self, number: str, company: int, plan: int, inbound: int) -> int:
        account = self.demo.open_account(
            number, company, plan=plan, credit_limit_micro=50_000_000, inbound_rate_plan_id=inbound
        )
        self.accounts.insert(0, account)
        self.plans.insert(0, plan)
        self.inbound_plans.insert(0, inbound)
        return account

    def _reseller(self, name: str, tenant: int, path: str, account: int) -> tuple[int, int, str]:
        db = self.db
        partner = db.copy_row("res_partner", self.demo.partner_of(self.demo.owner), name=name)
        company = db.copy_row("res_company", self.demo.owner, name=name, partner_id=partner)
        made = db.insert("telecom_tenant", company_id=company, parent_id=tenant, account_id=account, parent_path=path)
        return company, made, f"{path}{made}/"

    def _inbound(self, name: str, company: int, percent: int | None = None) -> int:
        if percent is not None:
            return self.demo.plan(name, company, direction="inbound", base="parent", default_method="percent",
                                  default_percent=percent)  # fmt: skip
        plan = self.demo.plan(name, company, direction="inbound", rounding_method="half_up", rounding_decimals=4)
        self.demo.rate(plan, self.demo.uk_fixed, "0.006")
        return plan
