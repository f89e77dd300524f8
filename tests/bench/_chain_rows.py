"""Customers below two resellers, as rows of a database clone: the upper reseller pays a share of every call."""

from tests.support.db import Database
from tests.support.demo_rows import Demo

CUSTOMERS, LOWER_RESELLERS = 200, 10
PLENTY_MICRO = 10**15
"""More than any bench spends."""


class ChainRows:
    """The demo, and below its reseller Northwind ten resellers with twenty customers and telephones each.

    `customers`: account ids, customer first, then its two resellers; `endpoints`: their telephones, in the same order.
    """

    def __init__(self, database: Database) -> None:
        self.db, self.demo = database, Demo(database)
        self.customers: list[tuple[int, int, int]] = []
        self.endpoints: list[str] = []
        for number in range(LOWER_RESELLERS):
            self._lower_reseller(number)
        database.all("update telecom_wallet set credit_limit_micro = %s", PLENTY_MICRO)
        database.all("select telecom_call_ensure_partitions(current_date, 2)")
        database.all("analyze")

    def _lower_reseller(self, number: int) -> None:
        db, demo = self.db, self.demo
        account = demo.open_account(f"N2{number:05d}", demo.northwind, plan=demo.standard, credit_limit_micro=1_000_000)
        company = db.copy_row(
            "res_company",
            demo.owner,
            name=f"Lower {number}",
            partner_id=db.value("select partner_id from telecom_billing_account where id = %s", account),
        )
        parent = db.value("select id from telecom_tenant where company_id = %s", demo.northwind)
        db.insert(
            "telecom_tenant",
            company_id=company,
            parent_id=parent,
            account_id=account,
            parent_path=f"{demo.owner_tenant}/{parent}/{number}/",
        )
        plan = db.insert(
            "telecom_rate_plan", name=f"Lower {number}", company_id=company, currency_id=demo.euro, active=True,
            base="parent", default_method="percent", default_percent=20, direction="outbound", timezone="UTC",
        )  # fmt: skip
        for place in range(CUSTOMERS // LOWER_RESELLERS):
            self._customer(f"L{number:02d}{place:04d}", company, plan, account)

    def _customer(self, number: str, company: int, plan: int, lower: int) -> None:
        account = self.demo.open_account(number, company, plan=plan, credit_limit_micro=1_000_000)
        endpoint = f"{number.lower()}-101"
        self.demo.phone(account, "101", endpoint)
        self.customers.append((account, lower, self.demo.reseller))
        self.endpoints.append(endpoint)
