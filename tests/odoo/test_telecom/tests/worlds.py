"""Rows of every model, held by parties that must not see each other.

    owner ─┬─ direct (customer)
           ├─ north (reseller) ─┬─ acme (customer)
           │                    └─ harbour (customer)
           └─ far (reseller) ──── island (customer)

Each party's names carry its mark, so that a foreign name is found wherever it comes out.
"""

import base64
from collections import defaultdict

from .parties import CUSTOMERS, NEXT_YEAR, PARTIES, RESELLERS, STARTED_AT, mark
from .worlds_calls import CallRows
from .worlds_locks import build_locks
from .worlds_minutes import build_minutes


class Worlds(CallRows):
    """`rows[party][model]` = ids of the rows that belong to the party."""

    def __init__(self, env):
        self.env = env
        self.rows = {party: defaultdict(set) for party in PARTIES}
        self.accounts = {}
        self.companies = {}
        self.serial = 0

    def add(self, party, record):
        self.rows[party][record._name].update(record.ids)
        return record

    def make(self, party, model, **values):
        return self.add(party, self.env[model].create(values))

    def build(self):
        self._build_companies()
        self._build_prices()
        for party, company in self.companies.items():
            self._add_class(party, company_id=company.id)
            self.make(party, "telecom.fraud.rule", name=mark(party), company_id=company.id, most_calls=1000)
        for party in CUSTOMERS:
            self._build_customer(party)
            self._plan_change(party)
        build_minutes(self, CUSTOMERS, RESELLERS, mark)
        build_locks(self, mark)
        self._build_carrier()
        self._build_calls()
        self._build_statement()
        self._build_price_imports()
        self._build_rerating()
        for party in ("owner", *RESELLERS):
            self.make(party, "telecom.billing.run", company_id=self.companies[party].id, date_to=NEXT_YEAR)
        self._build_switch()
        self._collect_trail()
        return self

    # -- companies ---------------------------------------------------------------------------------------------

    def _build_companies(self):
        tenant = self.env["telecom.tenant"].search([("parent_id", "=", False)])
        owner = tenant.company_id
        owner.name = f"{mark('owner')} Telecom"
        self.companies["owner"] = owner
        self.add("owner", tenant)
        for party in RESELLERS:
            company = self.env["res.company"].create({"name": mark(party), "currency_id": owner.currency_id.id})
            self.companies[party] = company
            self.env.user.company_ids += company
            self.accounts[party] = self._open_account(party, owner, mode="postpaid", credit_limit=100)
            self.make(
                party,
                "telecom.tenant",
                company_id=company.id,
                parent_id=tenant.id,
                account_id=self.accounts[party].id,
            )

        for party in ("owner", *RESELLERS):
            self._build_brand(party)

    def _build_brand(self, party):
        brand = self.env["telecom.brand"]._telecom_of_company(self.companies[party])
        brand.write({"name": mark(party), "footer": mark(party), "sender_email": f"{mark(party)}@brand.example"})
        self.add(party, brand)
        self.make(party, "telecom.brand.host", brand_id=brand.id, name=f"{mark(party)}.example")
        self.make(party, "telecom.brand.page", brand_id=brand.id, kind="home", body=f"{mark(party)} {{{{content}}}}")

    def _open_account(self, party, company, **values):
        partner = self.env["res.partner"].create({"name": mark(party), "company_id": company.id, "is_company": True})
        account = self.make(
            party,
            "telecom.billing.account",
            company_id=company.id,
            partner_id=partner.id,
            country_id=self.env.ref("base.uk").id,
            tz="Europe/London",
            **values,
        )
        self.rows[party]["telecom.wallet"].add(account.id)
        self.env.flush_all()
        self.env.cr.execute(
            "select telecom_wallet_post(%s, 'topup', 10000000, %s, %s, %s)",
            [account.id, f"worlds:{party}", mark(party), self.env.uid],
        )
        self.rows[party]["telecom.wallet.entry"].add(self.env.cr.fetchone()[0])
        return account

    def _build_customer(self, party):
        company = self.companies[CUSTOMERS[party]]
        account = self.accounts[party] = self._open_account(party, company)
        self.serial += 1
        phone = self.make(party, "telecom.phone", account_id=account.id, name=mark(party), extension=f"10{self.serial}")
        target = self.add(party, self.env["telecom.dial.target"].search([("phone_id", "=", phone.id)]))
        self.make(
            party,
            "telecom.number",
            e164=f"44207946080{self.serial}",
            company_id=company.id,
            account_id=account.id,
            target_id=target.id,
        )
        group = self.make(party, "telecom.ring.group", account_id=account.id, name=mark(party), extension="200")
        self.add(party, self.env["telecom.dial.target"].search([("group_id", "=", group.id)]))
        self.make(party, "telecom.ring.group.member", group_id=group.id, target_id=target.id)
        self._add_class(party, account_id=account.id)

    def _add_class(self, party, **values):
        """A class of service of a customer, or of a provider, with a rule."""
        one = self.make(party, "telecom.service.class", name=mark(party), **values)
        self.make(party, "telecom.service.rule", class_id=one.id, kind="prefix", digits="88812")

    # -- prices, carrier ---------------------------------------------------------------------------------------

    def _build_prices(self):
        group = self.env["telecom.destination.group"].create({"name": "Everywhere", "in_allowances": True})
        self.destination = self.env["telecom.destination"].create(
            {"name": "Nowhere", "group_id": group.id, "network_type": "fixed"}
        )
        self.env["telecom.destination.prefix"].create({"prefix": "88811", "destination_id": self.destination.id})
        self.destination.tag_ids = self.make("owner", "telecom.destination.tag", name=mark("owner"))
        self._add_plan("owner", base="explicit")
        for party in RESELLERS:
            self.accounts[party].rate_plan_id = self.env["telecom.rate.plan"].browse(
                self.rows["owner"]["telecom.rate.plan"]
            )
            self._add_plan(party, base="parent", default_method="percent", default_percent=25)

    def _add_plan(self, party, **values):
        company = self.companies[party]
        plan = self.make(
            party,
            "telecom.rate.plan",
            name=mark(party),
            company_id=company.id,
            currency_id=company.currency_id.id,
            direction="outbound",
            timezone="UTC",
            rounding_method="half_up",
            rounding_decimals=4,
            **values,
        )
        price = {"method": "fixed", "price": 0.02, "first_increment_s": 1, "next_increment_s": 1}
        rate = self.make(party, "telecom.rate", plan_id=plan.id, destination_id=self.destination.id, **price)
        self._add_hours(party, company, rate)

    def _add_hours(self, party, company, rate):
        """Other prices at night and on a holiday."""
        calendar = self.make(party, "telecom.holiday.calendar", name=mark(party), company_id=company.id)
        self.make(party, "telecom.holiday", calendar_id=calendar.id, date="2040-01-01", name=mark(party))
        hours = self.make(party, "telecom.band.set", name=mark(party), company_id=company.id)
        band = self.make(party, "telecom.band", set_id=hours.id, name=mark(party))
        self.make(party, "telecom.band.time", band_id=band.id, to_hour=6.0)
        self.make(party, "telecom.band.time", band_id=band.id, kind="holidays", calendar_id=calendar.id)
        rate.band_set_id = hours
        self.make(party, "telecom.rate.band", rate_id=rate.id, band_id=band.id, price=0.01)

    def _plan_change(self, party):
        """The customer changes to its provider's plan next year: its provider's business."""
        provider = CUSTOMERS[party]
        self.make(
            provider,
            "telecom.plan.assignment",
            account_id=self.accounts[party].id,
            plan_id=next(iter(self.rows[provider]["telecom.rate.plan"])),
            valid_from=NEXT_YEAR,
        )
        first = self.accounts[party].plan_assignment_ids
        self.add(provider, first)

    def _build_carrier(self):
        owner = self.companies["owner"]
        carrier = self.make(
            "owner", "telecom.carrier", name=mark("owner"), company_id=owner.id, currency_id=owner.currency_id.id
        )
        trunk = self.make(
            "owner", "telecom.trunk", name=mark("owner"), carrier_id=carrier.id, host="192.0.2.9", port=5060
        )
        self.make(
            "owner",
            "telecom.deck.rate",
            carrier_id=carrier.id,
            prefix="88811",
            price=0.01,
            first_increment_s=1,
            next_increment_s=1,
        )
        route = self.make("owner", "telecom.route", prefix="88811", rule="priority")
        self.carrier = carrier
        elsewhere = self.env["telecom.destination.group"].create({"name": "Elsewhere"})
        self.make("owner", "telecom.carrier.block", carrier_id=carrier.id, group_id=elsewhere.id)
        self.env.flush_all()
        self.env.cr.execute(
            "insert into telecom_trunk_quality"
            " (trunk_id, destination_id, calls, answered, asr, quality, since, until, refreshed_at)"
            " values (%s, %s, 20, 10, 50, 50, now(), now(), now()) returning id",
            [trunk.id, self.destination.id],
        )
        self.rows["owner"]["telecom.trunk.quality"].add(self.env.cr.fetchone()[0])
        self.make("owner", "telecom.route.line", route_id=route.id, trunk_id=trunk.id, priority=1, weight=1)

    # -- calls, switch -----------------------------------------------------------------------------------------

    def _build_statement(self):
        """The carrier's own record file, compared: one call more than ours, and a line that nobody can read."""
        start = f"{STARTED_AT:%Y-%m-%d %H:%M:%S}"
        text = f"Called,Start,Seconds\n88811000,{start},60\n88811001,{start},60\n{mark('owner')},never,60\n"
        statement = self.make(
            "owner",
            "telecom.carrier.statement",
            carrier_id=self.carrier.id,
            file=base64.b64encode(text.encode()),
            filename=f"{mark('owner')}.csv",
            skip_unreadable=True,
        )
        statement.action_compare()
        self.add("owner", statement.column_ids)
        self.add("owner", statement.problem_ids)
        lines = self.env["telecom.carrier.statement.line"]
        self.add("owner", lines.search([("statement_id", "=", statement.id)]))

    def _build_price_imports(self):
        """Price lists with a line that cannot be used, or verified, and files to be given out: of a deck, of plans."""
        wrong, right = f"nothing,{mark('owner')},0.02", f"88811,{mark('owner')},0.02"
        self._price_lists("owner", {"carrier_id": self.carrier.id}, "Prefix,Destination,Price", right, wrong)
        for party in RESELLERS:
            plan = {"plan_id": min(self.rows[party]["telecom.rate.plan"])}
            self._price_lists(party, plan, "Destination,Price", f"{self.destination.name},0.03", f"{mark(party)},0.03")

    def _price_lists(self, party, target, header, right, wrong):
        for lines in ((header, right, wrong), (header, right)):
            one = self.make(
                party,
                "telecom.price.import",
                **target,
                file=base64.b64encode("\n".join((*lines, "")).encode()),
                filename=f"{mark(party)}.csv",
            )
            one.action_verify()
            self.add(party, one.column_ids)
            self.add(party, one.problem_ids)
            self.add(party, self.env["telecom.price.change"].search([("import_id", "=", one.id)]))
        self.make(party, "telecom.price.export", **target, kind="csv").action_export()

    def _build_rerating(self):
        """The owner prices all calls of the month anew; what it finds of an account is its provider's business."""
        run = self.make(
            "owner",
            "telecom.rerate.run",
            name=mark("owner"),
            company_id=self.companies["owner"].id,
            date_from=STARTED_AT.replace(tzinfo=None, hour=0),
            date_to=STARTED_AT.replace(tzinfo=None, hour=23),
        )
        self.env.flush_all()
        self.env.cr.execute(
            """
            insert into telecom_call_correction (run_id, record_id, started_at, charge_id, level, is_top, account_id,
                price, billed_s, old_net_micro, old_tax_micro, net_micro, tax_micro)
            select %s, record_id, started_at, id, level, false, account_id, 0, billed_s, net_micro, tax_micro,
                net_micro + 1000, tax_micro from telecom_call_charge where leg_uniqueid like 'worlds-%%'
            """,
            [run.id],
        )
        self.env.cr.execute(
            """
            insert into telecom_call_cost_correction (run_id, record_id, started_at, carrier_id, direction, price,
                currency, old_currency, old_run_id, old_billed_s, billed_s, old_micro, micro)
            select %s, id, started_at, carrier_id, direction, 0, carrier_currency, carrier_currency, 0,
                carrier_billed_s, carrier_billed_s, carrier_cost_micro, carrier_cost_micro + 1000
            from telecom_call_record where leg_uniqueid like 'worlds-%%' and direction = 'outbound' and carrier_id > 0
            """,
            [run.id],
        )
        for model in ("telecom.rerate.cost.line", "telecom.rerate.cost.sum"):  # what carriers take is the owner's alone
            self.add("owner", self.env[model].search([("run_id", "=", run.id)]))
        for model in ("telecom.rerate.line", "telecom.rerate.sum"):
            for row in self.env[model].search([("run_id", "=", run.id)]):
                of_provider = (name for name, company in self.companies.items() if company == row.provider_id)
                self.add(next(of_provider), row)

    def _collect_trail(self):
        """What was done above has left lines; what belongs to no company is the owner's business."""
        self.env.flush_all()
        for party in ("owner", *RESELLERS):
            company = self.companies[party].id
            self.env.cr.execute(
                "select id from telecom_audit_line where company_id is not distinct from %s order by id desc limit 5",
                [company],
            )
            self.rows[party]["telecom.audit.line"].update(row_id for (row_id,) in self.env.cr.fetchall())
        self.env.cr.execute("select max(id) from telecom_audit_line where company_id is null")
        self.rows["owner"]["telecom.audit.line"].add(self.env.cr.fetchone()[0])
