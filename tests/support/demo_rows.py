"""The demo of the contract as rows: owner, reseller Northwind, its customer Acme, two carriers. Made by SQL alone."""

from typing import Any

from tests.support.db import Database


class Demo:
    """Ids of what was made; wallets hold Acme 20.00 (prepaid) and Northwind 0.00 with a limit of 500.00."""

    def __init__(self, db: Database) -> None:
        self.db = db
        self.owner = db.value("select id from res_company order by id limit 1")
        self.euro = db.value("select id from res_currency where name = 'EUR'")
        self.britain = db.value("select id from res_country where code = 'GB'")
        self._people()
        self._prices()
        self._carriers()
        self._telephones()

    def balance(self, account: int) -> tuple[int, int]:
        """Balance and reserved of an account, micro-units."""
        row = self.db.one("select balance_micro, reserved_micro from telecom_wallet where account_id = %s", account)
        return row["balance_micro"], row["reserved_micro"]

    def top_up(self, account: int, amount_micro: int, key: str) -> None:
        """Post a payment."""
        self.db.all("select telecom_wallet_post(%s, 'topup', %s, %s, 'test', null::int)", account, amount_micro, key)

    def open_account(self, number: str, company: int, *, plan: int | None, **values: Any) -> int:
        """A billing account with its wallet; `credit_limit_micro` for post-paid ones, `tax` charged on its calls."""
        db, tax = self.db, values.pop("tax", None)
        limit_micro = values.pop("credit_limit_micro", 0)
        partner = db.copy_row("res_partner", self.partner_of(company), name=number, company_id=company)
        account = db.insert(
            "telecom_billing_account", number=number, name=number, company_id=company, partner_id=partner,
            mode="postpaid" if limit_micro else "prepaid", currency_id=self.euro, credit_limit=limit_micro / 1e6,
            state="active", tz="Europe/London", country_id=self.britain, rate_plan_id=plan, **values,
        )  # fmt: skip
        if not db.all("select from telecom_wallet where account_id = %s", account):
            db.all("select telecom_wallet_open(%s, %s::bigint)", account, limit_micro)
        if tax is not None:
            db.all("insert into telecom_account_levied_tax_rel (account_id, tax_id) values (%s, %s)", account, tax)
        return account

    def phone(self, account: int, extension: str, endpoint: str) -> int:
        """A telephone of an account."""
        owner = self.db.one("select company_id, partner_id from telecom_billing_account where id = %s", account)
        return self.db.insert(
            "telecom_phone", name=f"Phone {extension}", active=True, account_id=account,
            company_id=owner["company_id"], partner_id=owner["partner_id"], extension=extension,
            sip_username=endpoint, sip_digest="0" * 32, codecs="alaw,ulaw", max_contacts=1,
        )  # fmt: skip

    def rate(
        self, plan: int, destination: int, price: str, fee: str = "0", first_s: int = 1, next_s: int = 1, **more: Any
    ) -> int:
        """A rate with a price per minute."""
        return self.db.insert(
            "telecom_rate", plan_id=plan, destination_id=destination, method="fixed", connect_fee=fee, price=price,
            first_increment_s=first_s, next_increment_s=next_s, company_id=self.owner, **more,
        )  # fmt: skip

    def deck(self, carrier: int, **prices_micro: int) -> None:
        """Deck rows: prefixes (written p44...) with their price per minute in micro-units."""
        for prefix, price_micro in prices_micro.items():
            self.db.all(
                "insert into telecom_deck_rate (carrier_id, prefix, connect_fee_micro, price_micro, price_unit_s,"
                " first_increment_s, next_increment_s, included_s) values (%s, %s, 0, %s, 60, 1, 1, 0)",
                carrier, prefix[1:], price_micro,
            )  # fmt: skip

    def partner_of(self, company: int) -> int:
        """The partner of a company."""
        return int(self.db.value("select partner_id from res_company where id = %s", company))

    def _people(self) -> None:
        db = self.db
        partner = db.copy_row("res_partner", self.partner_of(self.owner), name="Northwind Voice")
        self.northwind = db.copy_row("res_company", self.owner, name="Northwind Voice", partner_id=partner)
        owner = db.all("select id from telecom_tenant where parent_id is null")
        self.owner_tenant = (
            owner[0]["id"] if owner else db.insert("telecom_tenant", company_id=self.owner, parent_path="1/")
        )
        self.reseller = self.open_account("A100001", self.owner, plan=None, credit_limit_micro=500_000_000)
        db.insert(
            "telecom_tenant", company_id=self.northwind, parent_id=self.owner_tenant, account_id=self.reseller,
            parent_path=f"{self.owner_tenant}/2/",
        )  # fmt: skip
        self.acme = self.open_account("N100001", self.northwind, plan=None)
        self.school = self.open_account("A100002", self.owner, plan=None)
        self.top_up(self.acme, 20_000_000, "acme")
        self.top_up(self.school, 10_000_000, "school")

    def _prices(self) -> None:
        db = self.db
        group = db.insert("telecom_destination_group", name="UK")
        self.uk_fixed = self._destination("UK fixed", group, "441", "442", "443")
        self.uk_mobile = self._destination("UK mobile", group, "447")
        self.wholesale = self.plan("Wholesale", self.owner, rounding_method="half_up", rounding_decimals=4)
        self.direct = self.plan("Meridian Direct", self.owner, rounding_method="half_up", rounding_decimals=4)
        self.standard = self.plan(
            "Northwind Standard", self.northwind, base="parent", default_method="percent", default_percent=25
        )
        self.rate(self.wholesale, self.uk_fixed, "0.02", fee="0.01")
        self.rate(self.wholesale, self.uk_mobile, "0.04", first_s=60)
        self.rate(self.direct, self.uk_fixed, "0.03")
        for account, plan in (
            (self.reseller, self.wholesale), (self.acme, self.standard), (self.school, self.direct),
        ):  # fmt: skip
            db.all("update telecom_billing_account set rate_plan_id = %s where id = %s", plan, account)

    def _destination(self, name: str, group: int, *prefixes: str) -> int:
        destination = self.db.insert("telecom_destination", name=name, group_id=group, network_type="fixed")
        for prefix in prefixes:
            self.db.insert("telecom_destination_prefix", prefix=prefix, destination_id=destination)
        return destination

    def plan(self, name: str, company: int, **values: Any) -> int:
        """A rate plan in euro; explicit, outbound and without warnings, unless told."""
        defaults = {"base": "explicit", "default_method": "none", "direction": "outbound", "timezone": "UTC"}
        if values.get("base", "explicit") == "explicit":
            defaults["warning_side"] = "nobody"
        return self.db.insert(
            "telecom_rate_plan", name=name, company_id=company, currency_id=self.euro, active=True,
            **{**defaults, **values},
        )  # fmt: skip

    def _carriers(self) -> None:
        self.atlantic, self.atlantic_trunk = self._carrier("Atlantic Carrier", "")
        self.pacific, self.pacific_trunk = self._carrier("Pacific Carrier", "0077")
        self.deck(self.atlantic, p441=10_000, p442=10_000, p443=10_000, p447=20_000)
        self.deck(self.pacific, p44=15_000, p447=25_000)
        self.route = self.db.insert(
            "telecom_route", prefix="", rule="cost", expected_s=180, allow_loss=False, active=True,
            company_id=self.owner,
        )  # fmt: skip

    def _carrier(self, name: str, add_prefix: str) -> tuple[int, int]:
        carrier = self.db.insert(
            "telecom_carrier", name=name, company_id=self.owner, partner_id=self.partner_of(self.owner),
            currency_id=self.euro, active=True, duration_rule="up", rounding_method="half_up", rounding_decimals=6,
            timezone="UTC",
        )  # fmt: skip
        trunk = self.db.insert(
            "telecom_trunk", name=f"{name} trunk", carrier_id=carrier, host="127.0.0.1", port=5060, transport="udp",
            strip_digits=0, add_prefix=add_prefix, plus_sign=False, codecs="alaw", active=True,
            company_id=self.owner,
        )  # fmt: skip
        return carrier, trunk

    def _telephones(self) -> None:
        self.phone_101 = self.phone(self.acme, "101", "n100001-101")
        self.phone_102 = self.phone(self.acme, "102", "n100001-102")
        self.phone_301 = self.phone(self.school, "301", "a100002-301")
        target = self.db.insert("telecom_dial_target", account_id=self.acme, kind="phone", phone_id=self.phone_101)
        self.number = self.db.insert(
            "telecom_number", e164="442079460999", company_id=self.northwind, account_id=self.acme, target_id=target,
            active=True,
        )  # fmt: skip
