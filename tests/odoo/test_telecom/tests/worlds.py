"""Rows of every model, held by parties that must not see each other.

    owner ─┬─ direct (customer)
           ├─ north (reseller) ─┬─ acme (customer)
           │                    └─ harbour (customer)
           └─ far (reseller) ──── island (customer)

Each party's names carry its mark, so that a foreign name is found wherever it comes out.
"""

import base64
import json
from collections import defaultdict
from datetime import UTC, datetime, timedelta

from .worlds_minutes import build_minutes

STARTED_AT = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
NEXT_YEAR = datetime.now(UTC).replace(tzinfo=None, microsecond=0) + timedelta(days=365)
CUSTOMERS = {"direct": "owner", "acme": "north", "harbour": "north", "island": "far"}
RESELLERS = ("north", "far")
PARTIES = ("owner", *RESELLERS, *CUSTOMERS)


def mark(party):
    """Return the text that is in every name of a party."""
    return f"Zz{party}"


class Worlds:
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
        for party in CUSTOMERS:
            self._build_customer(party)
            self._plan_change(party)
        build_minutes(self, CUSTOMERS, RESELLERS, mark)
        self._build_carrier()
        self._build_calls()
        self._build_statement()
        self._build_price_imports()
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

    def _build_calls(self):
        legs = [self._make_leg(party, turn) for turn, party in enumerate(CUSTOMERS)]
        self.env.cr.execute("select telecom_call_settle(%s)", [json.dumps(legs)])
        self.env.cr.execute(
            "select account_id, id from telecom_call_charge where leg_uniqueid like 'worlds-%'",
        )
        party_of = {account.id: party for party, account in self.accounts.items()}
        for account_id, charge_id in self.env.cr.fetchall():
            self.rows[party_of[account_id]]["telecom.call.charge"].add(charge_id)
        self.env.cr.execute("select id from telecom_call_record where leg_uniqueid like 'worlds-%'")
        self.rows["owner"]["telecom.call.record"].update(row_id for (row_id,) in self.env.cr.fetchall())
        self.env.cr.execute("select id from telecom_carrier_ledger where carrier_id = %s", [self.carrier.id])
        self.rows["owner"]["telecom.carrier.ledger"].update(row_id for (row_id,) in self.env.cr.fetchall())

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
        """A price list with a line that cannot be used, one that was verified, and a file to be given out."""
        rows = (f"88811,{mark('owner')},0.02", f"nothing,{mark('owner')},0.02")
        for lines in (rows, rows[:1]):
            text = "\n".join(("Prefix,Destination,Price", *lines)) + "\n"
            one = self.make(
                "owner",
                "telecom.price.import",
                carrier_id=self.carrier.id,
                file=base64.b64encode(text.encode()),
                filename=f"{mark('owner')}.csv",
            )
            one.action_verify()
            self.add("owner", one.column_ids)
            self.add("owner", one.problem_ids)
            self.add("owner", self.env["telecom.price.change"].search([("import_id", "=", one.id)]))
        self.make("owner", "telecom.price.export", carrier_id=self.carrier.id, kind="csv").action_export()

    def _make_leg(self, party, turn):
        account = self.accounts[party]
        levels = [(one, one.company_id) for one in self._payers(party)]
        return {
            "leg_uniqueid": f"worlds-{turn}",
            "direction": "outbound",
            "started_at": STARTED_AT.isoformat(),
            "answered_at": STARTED_AT.isoformat(),
            "ended_at": STARTED_AT.replace(minute=1).isoformat(),
            "duration_us": 60_000_000,
            "node": "worlds",
            "linkedid": f"worlds-{turn}",
            "call_ref": f"worlds-{turn}-1",
            "attempt": 1,
            "account_id": account.id,
            "company_id": account.company_id.id,
            "from_number": mark(party),
            "dialled": "88811",
            "e164": "88811000",
            "destination_id": self.destination.id,
            "carrier_id": self.carrier.id,
            "disposition": "answered",
            "answered_s": 60,
            "carrier_billed_s": 60,
            "carrier_cost_micro": 10_000,
            "carrier_currency": self.companies["owner"].currency_id.name,
            "terms": {},
            "release": False,
            "charges": [
                {
                    "level": level,
                    "account_id": level_account.id,
                    "company_id": company.id,
                    "currency": company.currency_id.name,
                    "billed_s": 60,
                    "net_micro": 20_000,
                    "tax_micro": 0,
                    "gross_micro": 20_000,
                    "terms": {},
                }
                for level, (level_account, company) in enumerate(levels)
            ],
        }

    def _build_switch(self):
        self.env.cr.execute(
            "insert into telecom_switch_node (name) values (%s) returning id", [f"{mark('owner')}-node"]
        )
        self.rows["owner"]["telecom.switch.node"].add(self.env.cr.fetchone()[0])
        self.env.flush_all()
        self.env.cr.execute(
            "insert into telecom_trunk_state (node, trunk_id, state, since)"
            " select %s, id, 'rejected', now() from telecom_trunk where active limit 1 returning id",
            [f"{mark('owner')}-node"],
        )
        self.rows["owner"]["telecom.trunk.state"].add(self.env.cr.fetchone()[0])
        self.env.cr.execute(
            "insert into telecom_journal_set_aside (node, file_id, line_offset, line, reason)"
            " values ('worlds', '1-1', 0, %s, 'half a line') returning id",
            [mark("owner")],
        )
        self.rows["owner"]["telecom.journal.line"].add(self.env.cr.fetchone()[0])
        self.env.cr.execute(
            "insert into telecom_switch_finding (node, kind, detail) values ('worlds', 'clock_set', %s) returning id",
            [mark("owner")],
        )
        self.rows["owner"]["telecom.switch.finding"].add(self.env.cr.fetchone()[0])
        for party in CUSTOMERS:
            self._start_call(party)
        self.make("owner", "telecom.login.failure", login=mark("owner"), source="192.0.2.7")

    def _start_call(self, party):
        """A call in progress that somebody of the owner's staff wants to end: both are the owner's business."""
        account, call_ref = self.accounts[party], f"worlds-{party}-1"
        terms = {
            "direction": "outbound",
            "account_id": account.id,
            "company_id": account.company_id.id,
            "from_number": mark(party),
            "dialled": "88811",
            "e164": "88811000",
            "levels": [
                {"level": level, "account_id": one.id, "currency": one.currency_id.name}
                for level, one in enumerate(self._payers(party))
            ],
            "routes": [],
        }
        self.env.cr.execute(
            "insert into telecom_reservation"
            " (call_ref, node, channel_uniqueid, account_ids, amounts_micro, granted_s, frozen)"
            " values (%s, 'worlds', %s, '{}', '{}', 60, %s)",
            [call_ref, call_ref, json.dumps(terms)],
        )
        self.env.cr.execute("select telecom_switch_hang_up(%s, %s)", [call_ref, self.env.uid])
        self.rows["owner"]["telecom.switch.command"].add(self.env.cr.fetchone()[0])
        self.env.cr.execute("select id from telecom_live_call_page where call_ref = %s", [call_ref])
        self.rows["owner"]["telecom.live.call"].add(self.env.cr.fetchone()[0])
        of_account = {one.id: name for name, one in self.accounts.items()}
        self.env.cr.execute("select account_id, id from telecom_live_charge_page")
        for account_id, row_id in self.env.cr.fetchall():
            if account_id in of_account:
                self.rows[of_account[account_id]]["telecom.live.charge"].add(row_id)

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

    def _payers(self, party):
        """Return the accounts that pay for a call of a customer: its own, and its reseller's."""
        provider = CUSTOMERS[party]
        return [self.accounts[party], *([self.accounts[provider]] if provider != "owner" else [])]
