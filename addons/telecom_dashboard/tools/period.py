"""The days that a dashboard shows."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from odoo import fields

PERIODS = (7, 30, 90)


@dataclass(frozen=True)
class Period:
    """Whole days in a time zone, the last one being today. `since`: its first instant (naive UTC, as Odoo keeps it)."""

    days: tuple
    tz: str
    since: datetime

    @classmethod
    def of(cls, env, days):
        """Return the period that ends now, in the time zone of the person, else of its company."""
        tz = env.user.tz or env.company._telecom_tz() or "UTC"
        today = fields.Datetime.now().replace(tzinfo=UTC).astimezone(ZoneInfo(tz)).date()
        first = today - timedelta(days=days - 1)
        return cls(tuple(first + timedelta(days=i) for i in range(days)), tz, cls._utc(first, tz))

    @property
    def labels(self):
        """Return the days as the page gets them; it writes them in the language of the person."""
        return [day.isoformat() for day in self.days]

    @staticmethod
    def _utc(day, tz):
        return datetime.combine(day, time(), ZoneInfo(tz)).astimezone(UTC).replace(tzinfo=None)

    def domain(self, field="started_at"):
        """Return the domain of what began in these days."""
        return [(field, ">=", fields.Datetime.to_string(self.since))]

    def domain_of_day(self, day, field="started_at"):
        """Return the domain of what began on one of them."""
        since, until = self._utc(day, self.tz), self._utc(day + timedelta(days=1), self.tz)
        return [(field, ">=", fields.Datetime.to_string(since)), (field, "<", fields.Datetime.to_string(until))]
