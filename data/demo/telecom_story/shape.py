"""When people call: weights of the hours of a day and of the days of a week, by the clock of the caller."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

HOUR = timedelta(hours=1)

# fmt: off
HOURS = {
    "business":    (0, 0, 0, 0, 0, 0, 1, 4, 9, 12, 12, 10, 6, 9, 12, 11, 9, 5, 2, 1, 1, 0, 0, 0),
    "residential": (1, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 5, 5, 4, 4, 5, 6, 8, 11, 13, 12, 8, 5, 2),
}
"""Weight of each hour of the day."""

DAYS = {"business": (10, 11, 11, 10, 9, 2, 1), "residential": (8, 8, 8, 8, 9, 12, 13)}
"""Weight of each day of the week, Monday first."""
# fmt: on


def slots(end: datetime, days: int) -> list[datetime]:
    """Whole hours (aware UTC) before `end`."""
    last = end.replace(minute=0, second=0, microsecond=0)
    return [last - HOUR * back for back in range(days * 24, 0, -1)]


def weight(kind: str, at: datetime, tz: str) -> int:
    """How much is called in the hour that begins at an instant."""
    local = at.astimezone(ZoneInfo(tz))
    return HOURS[kind][local.hour] * DAYS[kind][local.weekday()]
