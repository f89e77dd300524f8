"""Calls of the parties, ended and in progress, and what the switch keeps of them."""

import json

from .parties import CUSTOMERS, STARTED_AT, mark


class CallRows:
    """Part of `Worlds`: uses its rows, accounts, companies, carrier and destination."""

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

    def _payers(self, party):
        """Return the accounts that pay for a call of a customer: its own, and its reseller's."""
        provider = CUSTOMERS[party]
        return [self.accounts[party], *([self.accounts[provider]] if provider != "owner" else [])]
