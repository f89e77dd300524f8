"""Which band of a tariff is in force at an instant: local clock, weekdays, fixed dates, daylight saving.

Instants are whole seconds since 1970 (UTC). Cutting an instant down to its second is exact here, because bands begin
on whole seconds and a call's clock moves in whole seconds.
"""

from bisect import bisect_right
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

DAY_S = 86_400
NEVER_S = 1 << 62
"""End of a band that never ends."""

BLOCK_S = 28 * DAY_S
"""Stretches are worked out for four weeks at a time: one look-up table serves a month of calls."""

MAX_BLOCKS = 64
"""Blocks kept by a calendar (almost five years); then it starts again."""

EPOCH_ORDINAL = date(1970, 1, 1).toordinal()


class TariffError(ValueError):
    """A tariff that cannot price every call; the message says what is wrong, for people."""


LocalDate = tuple[int, int, int]
"""Year, month, day; year 0: every year."""


class BandShape(NamedTuple):
    """When a band applies: ISO weekdays, local clock [from_s, to_s) in seconds of the day, weight, dates.

    `month_day`: on that date of every year only; `dates`: on these only (a holiday calendar), None: on all.
    """

    days: tuple[int, ...]
    from_s: int
    to_s: int
    weight: int
    month_day: tuple[int, int] | None
    dates: tuple[LocalDate, ...] | None = None

    @property
    def is_dated(self) -> bool:
        """True when the band applies on some dates only."""
        return self.month_day is not None or self.dates is not None


class Block(NamedTuple):
    """Stretches of one block: `begins_s[i]` is the first second of band `bands[i]`."""

    begins_s: list[int]
    bands: list[int]
    ends_s: int


DayPlan = tuple[tuple[int, int], ...]  # (first second of the local day, band index), ascending


class Calendar:
    """Bands of one tariff laid over time. Made by `calendar_of`; the only thing that changes is its cache."""

    __slots__ = ("_blocks", "_dated", "_latest", "_plans", "only_band", "zone")

    def __init__(self, timezone: str, shapes: tuple[BandShape, ...]) -> None:
        """Raise TariffError for an unknown zone, a gap, or two bands of equal weight at one instant."""
        self.zone = _zone(timezone)
        self._dated = _bands_by_date(shapes)
        self._plans = {
            (weekday, dated): _day_plan(shapes, weekday, dated, self._example_of(dated))
            for weekday, dated in self._kinds_of_day()
        }
        self._blocks: dict[int, Block] = {}
        everywhere = {band for plan in self._plans.values() for _, band in plan}
        self.only_band = everywhere.pop() if len(everywhere) == 1 else None
        self._latest = (0, 0, 0) if self.only_band is None else (-NEVER_S, NEVER_S, self.only_band)

    def _kinds_of_day(self) -> list[tuple[int, tuple[int, ...]]]:
        """Each weekday with each set of dated bands that can fall on it; a date without a year falls on all."""
        kinds: set[tuple[int, tuple[int, ...]]] = {(weekday, ()) for weekday in range(1, 8)}
        for year, month, day in self._dated:
            if year:
                local = date(year, month, day)
                kinds.add((local.isoweekday(), self._dated_on(local)))
            else:
                kinds.update((weekday, self._dated[0, month, day]) for weekday in range(1, 8))
        return sorted(kinds)

    def _dated_on(self, local: date) -> tuple[int, ...]:
        """Dated bands that apply on a local date, ascending."""
        if not self._dated:
            return ()
        yearly = self._dated.get((0, local.month, local.day), ())
        once = self._dated.get((local.year, local.month, local.day), ())
        return tuple(sorted({*yearly, *once})) if yearly and once else yearly or once

    def _example_of(self, dated: tuple[int, ...]) -> LocalDate | None:
        """A date for messages."""
        return next((day for day, bands in self._dated.items() if set(bands) <= set(dated)), None) if dated else None

    def at(self, instant_s: int) -> tuple[int, int]:
        """Band index in force at an instant, and a second until which it surely stays (exclusive).

        Live calls begin in the same stretch as the one before: the latest is tried first.
        """
        begins_s, ends_s, band = self._latest
        if begins_s <= instant_s < ends_s:
            return band, ends_s
        block = self.block(instant_s // BLOCK_S)
        index = bisect_right(block.begins_s, instant_s) - 1
        ends_s = block.begins_s[index + 1] if index + 1 < len(block.begins_s) else block.ends_s
        self._latest = (block.begins_s[index], ends_s, block.bands[index])
        return block.bands[index], ends_s

    def block(self, number: int) -> Block:
        """Stretches of block `number` (instants [number * BLOCK_S, +BLOCK_S)), from the cache if it is there."""
        found = self._blocks.get(number)
        if found is None:
            if len(self._blocks) >= MAX_BLOCKS:
                self._blocks.clear()
            found = self._blocks[number] = self._lay_out(number * BLOCK_S, (number + 1) * BLOCK_S)
        return found

    def _lay_out(self, begin_s: int, end_s: int) -> Block:
        begins_s: list[int] = []
        bands: list[int] = []
        instant_s = begin_s
        while instant_s < end_s:
            band, until_s = self._local_stretch(instant_s)
            if not bands or bands[-1] != band:
                begins_s.append(instant_s)
                bands.append(band)
            instant_s = until_s
        return Block(begins_s, bands, end_s)

    def _local_stretch(self, instant_s: int) -> tuple[int, int]:
        """Band at an instant and its end within the local day, cut where the zone's offset changes."""
        offset_s = self._offset_s(instant_s)
        day, second = divmod(instant_s + offset_s, DAY_S)
        local = date.fromordinal(EPOCH_ORDINAL + day)
        plan = self._plans[local.isoweekday(), self._dated_on(local)]
        index = bisect_right(plan, (second, NEVER_S)) - 1
        local_end_s = plan[index + 1][0] if index + 1 < len(plan) else DAY_S
        end_s = instant_s + local_end_s - second
        if self._offset_s(end_s - 1) != offset_s:
            end_s = self._offset_change(instant_s, end_s - 1)
        return plan[index][1], end_s

    def _offset_change(self, before_s: int, after_s: int) -> int:
        """First second with another offset than at `before_s`; zones never change twice within one day."""
        offset_s = self._offset_s(before_s)
        while after_s - before_s > 1:
            middle_s = (before_s + after_s) // 2
            if self._offset_s(middle_s) == offset_s:
                before_s = middle_s
            else:
                after_s = middle_s
        return after_s

    def _offset_s(self, instant_s: int) -> int:
        offset = datetime.fromtimestamp(instant_s, UTC).astimezone(self.zone).utcoffset()
        assert offset is not None
        return offset.days * DAY_S + offset.seconds


@lru_cache(maxsize=4096)
def calendar_of(timezone: str, shapes: tuple[BandShape, ...]) -> Calendar:
    """Calendar of a tariff; tariffs with the same bands in time (mark-ups of one plan) share it."""
    return Calendar(timezone, shapes)


def _zone(timezone: str) -> ZoneInfo:
    try:
        return ZoneInfo(timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:  # OSError: the key names a folder
        raise TariffError(f"unknown time zone {timezone!r}") from error


def _bands_by_date(shapes: tuple[BandShape, ...]) -> dict[LocalDate, tuple[int, ...]]:
    """Date -> indexes of the bands that apply on it and not on all others, ascending."""
    found: dict[LocalDate, tuple[int, ...]] = {}
    for index, shape in enumerate(shapes):
        fixed = () if shape.month_day is None else ((0, *shape.month_day),)
        for day in {*fixed, *(shape.dates or ())}:
            found[day] = (*found.get(day, ()), index)
    return found


def _day_plan(
    shapes: tuple[BandShape, ...], weekday: int, dated: tuple[int, ...], example: LocalDate | None
) -> DayPlan:
    """Winning bands of one kind of day: a weekday on which these dated bands apply, and all that have no dates."""
    active = [
        (index, shape)
        for index, shape in enumerate(shapes)
        if weekday in shape.days and (index in dated or not shape.is_dated)
    ]
    cuts = sorted({0, *(s.from_s for _, s in active), *(s.to_s for _, s in active if s.to_s < DAY_S)})
    plan: list[tuple[int, int]] = []
    for second in cuts:
        band = _winner([(i, s) for i, s in active if s.from_s <= second < s.to_s], _moment(second, weekday, example))
        if not plan or plan[-1][1] != band:
            plan.append((second, band))
    return tuple(plan)


def _winner(active: list[tuple[int, BandShape]], moment: str) -> int:
    if not active:
        raise TariffError(f"no band covers {moment}")
    top = max(shape.weight for _, shape in active)
    winners = [index for index, shape in active if shape.weight == top]
    if len(winners) > 1:
        raise TariffError(f"bands {winners[0] + 1} and {winners[1] + 1} have equal weight {top} at {moment}")
    return winners[0]


def _moment(second: int, weekday: int, example: LocalDate | None) -> str:
    day = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")[weekday - 1]
    return f"{day} {second // 3600:02d}:{second // 60 % 60:02d}" + (f" on {date_text(example)}" if example else "")


def date_text(day: LocalDate) -> str:
    """Date as people read it; of a date in every year month and day."""
    year, month, number = day
    return f"{year:04d}-{month:02d}-{number:02d}" if year else f"{month:02d}-{number:02d}"
