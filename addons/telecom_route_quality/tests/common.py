from datetime import UTC, datetime, timedelta

from odoo.addons.telecom_carrier.tests.common import CarrierCase

NOW = datetime.now(UTC).replace(microsecond=0)


class QualityCase(CarrierCase):
    """Two trunks, a group of two destinations, and call records as a settlement leaves them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.good = cls.trunk
        cls.bad = cls.add_trunk("Other", cls.add_carrier("Other Carrier"))
        cls.group = cls.env["telecom.destination.group"].create({"name": "Quality Story"})
        values = {"group_id": cls.group.id, "network_type": "fixed"}
        cls.here, cls.there = cls.env["telecom.destination"].create(
            [{**values, "name": "Quality here"}, {**values, "name": "Quality there"}]
        )
        cls.serial = 0

    def legs(self, trunk, answered, failed=0, *, seconds=60, hours_ago=1.0, destination=None, cancelled=0, pdd_ms=None):
        """Add attempts of a trunk that were answered, failed, or given up by the caller."""
        self.env.flush_all()
        for disposition, count in (("answered", answered), ("failed", failed), ("cancelled", cancelled)):
            for _ in range(count):
                type(self).serial += 1
                self.env.cr.execute(
                    """
                    insert into telecom_call_record (leg_uniqueid, direction, started_at, ended_at, duration_us,
                        destination_id, carrier_id, trunk_id, disposition, terms)
                    values (%s, 'outbound', %s, %s, %s, %s, %s, %s, %s, jsonb_build_object('pdd_ms', %s::int))
                    """,
                    [
                        f"quality-{self.serial}",
                        NOW - timedelta(hours=hours_ago),
                        NOW,
                        seconds * 1_000_000 if disposition == "answered" else 0,
                        (destination or self.here).id,
                        trunk.carrier_id.id,
                        trunk.id,
                        disposition,
                        pdd_ms,
                    ],
                )

    def refresh(self):
        count = self.env["telecom.trunk.quality"]._refresh()
        self.env.invalidate_all()
        return count

    def quality(self, trunk, place="destination", destination=None):
        """The row of a trunk at a place."""
        domain = [("trunk_id", "=", trunk.id), ("place", "=", place)]
        if place == "destination":
            domain.append(("destination_id", "=", (destination or self.here).id))
        return self.env["telecom.trunk.quality"].search(domain)
