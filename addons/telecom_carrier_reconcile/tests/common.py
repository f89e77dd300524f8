import base64
from datetime import UTC, datetime, timedelta

from odoo.addons.telecom_call.tests.common import CallCase

BEGIN = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
HEADER = "Called Number,Start Time,Duration,Cost,Currency"


class ReconcileCase(CallCase):
    """Carrier Baltic (EUR) and legs of ours that it carried."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.owner_company = cls.env["telecom.tenant"].search([("parent_id", "=", False)]).company_id
        cls.euro = cls.env.ref("base.EUR")
        cls.baltic = cls.env["telecom.carrier"].create(
            {"name": "Baltic", "company_id": cls.owner_company.id, "currency_id": cls.euro.id}
        )
        cls.serial = 100

    def ours(self, minute, called="442079460000", seconds=60, micro=10_000, ring_s=4.5, **values):
        """Settle a leg that began `minute` minutes after BEGIN; return its call record's id."""
        type(self).serial += 1
        start = BEGIN + timedelta(minutes=minute)
        answer = start + timedelta(seconds=ring_s)
        amounts = {"carrier_cost_micro": micro}
        if values.get("direction") == "inbound":
            amounts = {"carrier_cost_micro": None, "carrier_revenue_micro": micro}
        leg = self.leg(
            self.serial, charges=[], release=False, call_ref=None, started_at=start.isoformat(),
            answered_at=answer.isoformat(), ended_at=(answer + timedelta(seconds=seconds)).isoformat(),
            duration_us=seconds * 1_000_000, answered_s=seconds, carrier_billed_s=seconds, e164=called,
            carrier_id=self.baltic.id, **amounts,
        )  # fmt: skip
        self.settle({**leg, **values})
        self.env.cr.execute("select id from telecom_call_record where leg_uniqueid = %s", [leg["leg_uniqueid"]])
        return self.env.cr.fetchone()[0]

    def theirs(self, minute, *, called="442079460000", seconds=60, cost="0.01", currency="EUR", late_s=4):
        """One line of the carrier's file, which has the second of the answer."""
        start = BEGIN + timedelta(minutes=minute, seconds=late_s)
        return f"{called},{start:%Y-%m-%d %H:%M:%S},{seconds},{cost},{currency}"

    def upload(self, text, **values):
        data = text.encode() if isinstance(text, str) else text
        return self.env["telecom.carrier.statement"].create(
            {"carrier_id": self.baltic.id, "filename": "march.csv", "file": base64.b64encode(data), **values}
        )

    def compared(self, *lines, **values):
        statement = self.upload("\n".join((HEADER, *lines)) + "\n", **values)
        statement.action_compare()
        return statement

    def results(self, statement):
        """Return (result, line, called, their seconds, our seconds) in the order of starts."""
        self.env.flush_all()
        lines = self.env["telecom.carrier.statement.line"].search([("statement_id", "=", statement.id)])
        return [(one.result, one.line, one.called, one.their_seconds, one.our_seconds) for one in lines]
