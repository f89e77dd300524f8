import json
from collections import Counter
from contextlib import contextmanager
from functools import partial

import numpy as np
from odoo import fields, models
from odoo.addons.telecom_base.tools.binary_rows import read_rows, write_rows
from odoo.addons.telecom_base.tools.sql import sql_text
from odoo.tools import SQL
from psycopg2.extras import execute_values

from telecom_switch_bridge.core.charge import rule_from_json, rule_to_json
from telecom_switch_bridge.core.tariff_json import tariff_to_json
from telecom_switch_bridge.rerate.catalogue import read_catalogue
from telecom_switch_bridge.rerate.price_calls import Pricer, StoredLevels

statement_of = partial(sql_text, "telecom_rerate")

CHUNK_CALLS = 100_000
"""Calls read and priced at a time: their arrays take some tens of megabytes."""

READ = {
    "call": "bigint", "started": "timestamptz", "charge": "bigint", "level": "smallint", "account": "integer",
    "direction": "smallint", "number": "bigint", "digits": "smallint", "at": "timestamptz", "answered": "bigint",
    "duration": "integer", "rule": "integer", "net": "bigint", "tax": "bigint",
    "included": "integer", "held": "integer",
}  # fmt: skip
CORRECTION = {
    "run_id": "integer", "record_id": "bigint", "started_at": "timestamptz", "charge_id": "bigint",
    "level": "smallint", "is_top": "boolean", "account_id": "integer", "price": "integer", "billed_s": "integer",
    "old_net_micro": "bigint", "old_tax_micro": "bigint", "net_micro": "bigint", "tax_micro": "bigint",
}  # fmt: skip
FOUND = (
    *("call_count", "changed_count", "covered_count", "fault_count"),
    *("cost_count", "cost_changed_count", "cost_fault_count"),
)


class TelecomRerateRun(models.Model):
    """Compares what calls cost with what they would cost by the prices as they stand now."""

    _inherit = "telecom.rerate.run"  # pylint: disable=consider-merging-classes-inherited  # split by verb

    def _preview(self, tell):
        self.ensure_one()
        self.check_access("write")
        self._forget()
        found = dict.fromkeys(FOUND, 0)
        faults = Counter()
        if self.subject != "costs":
            found |= self._preview_charges(tell, faults)
        if self.subject != "charges":
            found |= self._preview_costs(tell, faults)
        reasons = "\n".join(f"{count}: {reason}" for reason, count in faults.most_common(10))
        done = {"state": "previewed", "message": False, "compared_at": fields.Datetime.now()}
        self.write({**done, **found, "fault_text": reasons or False})
        self._invalidate_results()

    def _preview_charges(self, tell, faults):
        """Compare what customers and resellers paid; return what the page says of it."""
        tell(2, self.env._("Finding the calls"))
        calls = self._choose_calls()
        rules = self._frozen_rules() if self.taxes == "then" else None
        pricer = Pricer(read_catalogue(self._fetch), rules)
        changed, covered, mine = 0, 0, Counter()
        for first in range(0, calls, CHUNK_CALLS):
            tell(5 + 60 * first // calls, self.env._("%(done)s of %(all)s calls compared", done=first, all=calls))
            counts = self._compare(pricer, first, mine)
            changed, covered = changed + counts[0], covered + counts[1]
        self._write_prices("telecom_call_correction_price", map(_terms, pricer.prices))
        faults.update(mine)
        return {
            "call_count": calls,
            "changed_count": changed,
            "covered_count": covered,
            "fault_count": sum(mine.values()),
        }

    def _choose_calls(self):
        """Lay down the charges of the run's calls in tables of this transaction; return how many calls there are."""
        conditions = SQL(" and ").join(self._charge_conditions())
        period = [self.date_from, self.date_to]
        with self._bulk_plans():
            self.env.cr.execute(SQL(statement_of("choose.sql"), *period * 3, conditions))
        self.env.cr.execute("select coalesce(max(place) + 1, 0) from telecom_rerate_charge")
        return self.env.cr.fetchone()[0]

    @contextmanager
    def _bulk_plans(self):
        """Let PostgreSQL join by hashing. Of a month that was filled since its last ANALYZE it believes that it has a
        few rows, and would go through all charges for each call: minutes for some ten thousand of them."""
        self.env.cr.execute("set local enable_nestloop = off; set local work_mem = '128MB'")
        yield
        self.env.cr.execute("set local enable_nestloop = on; reset work_mem")

    def _call_conditions(self):
        """Return what calls have to fulfil, as SQL over `telecom_call_record r`."""
        conditions = [SQL("r.direction = any(%s)", [self.direction] if self.direction else ["outbound", "inbound"])]
        if self.destination_ids:
            conditions.append(SQL("r.destination_id = any(%s)", self.destination_ids.ids))
        if self.carrier_ids:
            conditions.append(SQL("r.carrier_id = any(%s)", self.carrier_ids.ids))
        if self.account_ids:
            conditions.append(_charged(SQL("account_id"), self.account_ids))
        if self.plan_ids:
            conditions.append(_charged(SQL("plan_id"), self.plan_ids))
        return conditions

    def _charge_conditions(self):
        """Return what calls have to fulfil whose charges are compared; for addons that fix charges."""
        return self._call_conditions()

    def _frozen_rules(self):
        """Return the taxes that these calls were charged with, by place; the first is none."""
        self.env.cr.execute("select rule from telecom_rerate_rule order by place")
        return [rule_from_json(rule) for (rule,) in self.env.cr.fetchall()]

    def _fetch(self, statement):
        """Return the rows of a statement of the seam as dicts."""
        self.env.cr.execute(statement)
        return self.env.cr.dictfetchall()

    def _compare(self, pricer, first, faults):
        """Price one part of the calls; note what differs and what has no price.

        Returns how many calls change, and how many of all drew on included minutes: those stay taken.
        """
        select = statement_of("read.sql").format(first=first, last=first + CHUNK_CALLS)
        rows = dict(zip(READ, read_rows(self.env.cr, select, READ.values()), strict=True))
        frozen = rows["rule"] if self.taxes == "then" else np.zeros_like(rows["rule"])
        priced = pricer.price(
            StoredLevels(
                rows["call"], rows["level"], rows["account"], rows["direction"], rows["number"], rows["digits"],
                rows["at"], rows["answered"], rows["duration"], frozen, rows["included"], rows["held"],
            )
        )  # fmt: skip
        differs = (priced.fault < 0) & ((priced.net != rows["net"]) | (priced.tax != rows["tax"]))
        self._write_corrections(rows, priced, np.flatnonzero(differs))
        faulty = np.flatnonzero((priced.fault >= 0) & (rows["level"] == 0))
        self._write_faults(rows, [pricer.faults[place] for place in priced.fault[faulty]], faulty, faults)
        return tuple(len(np.unique(rows["call"][one])) for one in (differs, rows["included"] > 0))

    def _write_corrections(self, rows, priced, chosen):
        highest = np.append(rows["level"][1:], 0) == 0  # the next row begins another call
        arrays = [
            np.full(len(chosen), self.id), rows["call"][chosen], rows["started"][chosen], rows["charge"][chosen],
            rows["level"][chosen], highest[chosen], rows["account"][chosen], priced.price[chosen],
            priced.billed_s[chosen], rows["net"][chosen], rows["tax"][chosen], priced.net[chosen], priced.tax[chosen],
        ]  # fmt: skip
        write_rows(self.env.cr, "telecom_call_correction", list(CORRECTION), list(CORRECTION.values()), arrays)

    def _write_faults(self, rows, reasons, faulty, faults):
        faults.update(reasons)
        values = [
            (self.id, int(rows["call"][row]), int(rows["started"][row]), reason)
            for row, reason in zip(faulty, reasons, strict=True)
        ]
        execute_values(
            self.env.cr._obj,
            """insert into telecom_rerate_fault (run_id, record_id, started_at, reason) values %s
               on conflict (run_id, record_id)
               do update set reason = telecom_rerate_fault.reason || '; ' || excluded.reason""",
            values,
            template="(%s, %s, to_timestamp(%s / 1000000.0), %s)",
            page_size=1000,
        )

    def _write_prices(self, table, terms):
        """Keep the terms that the new amounts were made by."""
        execute_values(
            self.env.cr._obj,
            f"insert into {table} (run_id, price, terms) values %s",  # noqa: S608  # one of two names, none from outside
            [(self.id, place, json.dumps(one)) for place, one in enumerate(terms)],
            page_size=1000,
        )


def _charged(column, records):
    """Return the condition that somebody of the call's payers was charged so."""
    return SQL(
        """exists (select from telecom_call_charge c
           where c.record_id = r.id and c.started_at = r.started_at and c.%s = any(%s))""",
        column,
        records.ids,
    )


def _terms(price):
    return {
        "plan_id": price.plan_id,
        "rate_id": price.rate_id,
        "destination_id": price.destination_id,
        **rule_to_json(price.rule),
        "tariff": tariff_to_json(price.tariff),
    }
