"""A week as a picture: which band holds when, by the calendar that prices live calls."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from odoo import fields
from odoo.addons.telecom_base.tools.amounts import as_typed, from_micro

from telecom_switch_bridge.core.rating import Step, Tariff, always, hours_text

from .plan_prices import BandHours

DAY_S = 86_400
COLOURS = ("#d5dde5", "#7fb3a2", "#e3b565", "#b58fbf", "#d98880", "#7aa6d6", "#c9c27a", "#9fb0b8")
MIN_NAMED_S = 3 * 3600  # shorter stretches have no room for a name
FREE = Step(0, 0, 60, 1)


def hours_tariff(hours: Sequence[BandHours], timezone: str) -> Tariff:
    """Return a tariff of these hours without prices."""
    bands = (time.band(_NoPrice) for time in hours)
    return Tariff(timezone, (_at_all_hours(), *bands))


def draw_week(env, tariff: Tariff, with_prices=False):
    """Return the current week as HTML: a row for each day, a stretch for each band in force."""
    zone = ZoneInfo(tariff.timezone)
    today = fields.Datetime.now().replace(tzinfo=UTC).astimezone(zone).date()
    monday = today - timedelta(days=today.weekday())
    names = list(dict.fromkeys(band.name for band in tariff.bands))
    colours = {name: COLOURS[place % len(COLOURS)] for place, name in enumerate(names)}
    words = {"always": env._("Other times")}
    days = [monday + timedelta(days=number) for number in range(7)]
    values = {
        "days": [(f"{day:%a} {day.day}.{day.month}.", _stretches(tariff, zone, day, colours, words)) for day in days],
        "legend": [
            (colours[band.name], words.get(band.name, band.name), _price(env, band) if with_prices else "")
            for band in {band.name: band for band in reversed(tariff.bands)}.values()
        ][::-1],
        "timezone": tariff.timezone,
    }
    return env["ir.qweb"]._render("telecom_rating.week_picture", values)


def price_by_time(tariff: Tariff) -> list[str]:
    """Return the hours of each band above the first with its price per minute, in words."""
    return [f"{hours_text(band)} {as_typed(from_micro(band.steps[0].price_micro))}" for band in tariff.bands[1:]]


def _stretches(tariff, zone, day: date, colours, words):
    """Return (width in percent, colour, name or nothing, title) of each stretch of a local day."""
    calendar = tariff.compiled.calendar
    end_s = _midnight_s(zone, day + timedelta(days=1))
    begin_s = instant_s = _midnight_s(zone, day)
    found = []
    while instant_s < end_s:
        index, until_s = calendar.at(instant_s)
        name, until_s = tariff.bands[index].name, min(until_s, end_s)
        if found and found[-1][0] == name:
            found[-1][2] = until_s
        else:
            found.append([name, instant_s, until_s])
        instant_s = until_s
    return [
        (
            f"{100 * (to_s - from_s) / (end_s - begin_s):.3f}",
            colours[name],
            words.get(name, name) if to_s - from_s >= MIN_NAMED_S else "",
            f"{words.get(name, name)} {_clock(zone, from_s)}-{_clock(zone, to_s, is_end=to_s == end_s)}",
        )
        for name, from_s, to_s in found
    ]


def _midnight_s(zone, day: date) -> int:
    return int(datetime.combine(day, time(), zone).timestamp())


def _clock(zone, instant_s: int, is_end=False) -> str:
    return "24:00" if is_end else f"{datetime.fromtimestamp(instant_s, zone):%H:%M}"


def _price(env, band) -> str:
    fee, price = from_micro(band.connect_fee_micro), from_micro(band.steps[0].price_micro)
    text = env._("%s per minute", as_typed(price))
    return env._("%(fee)s and %(text)s", fee=as_typed(fee), text=text) if fee else text


class _NoPrice:
    connect_fee_micro = price_micro = second_price_micro = second_price_from_s = included_s = 0
    first_increment_s = next_increment_s = 1


def _at_all_hours():
    return replace(always(0, (FREE,)), weight=0)
