"""Random tariffs and calls, built so that edges are hit: short steps, odd units, bands that end near the call."""

from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from telecom_switch_bridge.core.rating import Band, ChargeRule, Rounding, Step, Tariff, Tax, TaxError

PRICES = st.sampled_from([0, 1, 7, 1_000, 12_345, 39_999, 120_000, 1_000_000])
UNITS = st.sampled_from([1, 7, 30, 60])
INCREMENTS = st.sampled_from([1, 1, 2, 6, 11, 30, 60])
ZONES = st.sampled_from(["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe"])
EVERY_DAY = (1, 2, 3, 4, 5, 6, 7)

CLOCK_CHANGES = (
    datetime(2026, 3, 29, 1, 0, tzinfo=UTC),  # Berlin, forward
    datetime(2026, 10, 25, 1, 0, tzinfo=UTC),  # Berlin, back
    datetime(2026, 11, 1, 6, 0, tzinfo=UTC),  # New York, back
    datetime(2026, 4, 4, 15, 0, tzinfo=UTC),  # Lord Howe, back by half an hour
    datetime(2026, 5, 1, 0, 0, tzinfo=UTC),  # a date with a band of its own
    datetime(2026, 7, 15, 18, 0, tzinfo=UTC),
)

HOLIDAYS = ((2026, 3, 29), (2026, 11, 1), (0, 5, 1), (2026, 5, 1), (2025, 10, 25), (0, 7, 15))


@st.composite
def steps(draw: st.DrawFn) -> tuple[Step, ...]:
    """One to three steps."""
    begins = sorted({0, *draw(st.lists(st.integers(1, 120), max_size=2))})
    return tuple(Step(begin, draw(PRICES), draw(UNITS), draw(INCREMENTS)) for begin in begins)


@st.composite
def bands(draw: st.DrawFn) -> tuple[Band, ...]:
    """A band for all hours and up to two above it, of different weights."""
    found = [Band("base", EVERY_DAY, 0, 86_400, 10, None, draw(PRICES), draw(steps()))]
    for weight in range(11, 11 + draw(st.integers(0, 2))):
        from_s = draw(st.integers(0, 47)) * 1800
        to_s = draw(st.integers(from_s // 1800 + 1, 48)) * 1800
        days = tuple(sorted(draw(st.sets(st.sampled_from(EVERY_DAY), min_size=1))))
        month_day = draw(st.sampled_from([None, None, None, (5, 1), (10, 25)]))
        dates = None if month_day else draw(st.sampled_from([None, None, (), HOLIDAYS]))
        found.append(Band(f"band {weight}", days, from_s, to_s, weight, month_day, draw(PRICES), draw(steps()), dates))
    return tuple(found)


@st.composite
def tariffs(draw: st.DrawFn) -> Tariff:
    """Any sound tariff."""
    grace_mode = draw(st.sampled_from([None, "free_if_not_longer", "subtract"]))
    max_cost_micro = draw(st.sampled_from([None, None, 0, 500_000, 5_000_000]))
    return Tariff(
        timezone=draw(ZONES),
        bands=draw(bands()),
        rounding=Rounding(draw(st.sampled_from(["half_up", "up", "down", "none"])), draw(st.integers(0, 6))),
        included_s=draw(st.sampled_from([0, 0, 1, 30, 61])),
        min_duration_s=draw(st.sampled_from([0, 0, 10, 60])),
        grace_s=draw(st.sampled_from([0, 3, 45])) if grace_mode else 0,
        grace_mode=grace_mode,
        min_cost_micro=draw(st.sampled_from([0, 0, 150_000])),
        max_cost_micro=max_cost_micro,
        max_cost_strategy=draw(st.sampled_from(["free_after", "disconnect"])) if max_cost_micro is not None else None,
    )


@st.composite
def instants(draw: st.DrawFn) -> datetime:
    """Instants near the edges of bands and clock changes, with microseconds."""
    offset = timedelta(seconds=draw(st.integers(-900, 300)), microseconds=draw(st.sampled_from([0, 1, 999_999])))
    return draw(st.sampled_from(CLOCK_CHANGES)) + offset


durations = st.one_of(st.integers(0, 130), st.integers(0, 1_000))


VAT = ChargeRule((Tax(1, "VAT 20%", "percent", 200_000),))


@st.composite
def taxes(draw: st.DrawFn) -> Tax:
    """Any tax that Odoo knows; few of them cannot be charged."""
    amount_type = draw(st.sampled_from(["percent", "percent", "division", "fixed"]))
    rates = [0, 1, 30_000, 70_000, 192_500, 200_000, 1_500_000]
    amount = draw(st.sampled_from([1, 5_000, 250_000] if amount_type == "fixed" else rates))
    flags = [draw(st.booleans()) for _ in range(3)]
    return Tax(draw(st.integers(1, 9)), f"{amount_type} {amount}", amount_type, amount, *flags)


@st.composite
def rules(draw: st.DrawFn) -> ChargeRule:
    """Any sound rule: often none or one tax, sometimes several, another currency, other taxes than in the price."""
    levied = draw(st.one_of(st.just(()), st.just(VAT.taxes), st.lists(taxes(), max_size=3).map(tuple)))
    contained = draw(st.sampled_from([None, None, (Tax(3, "in price", "percent", 200_000, price_include=True),)]))
    factor_e8 = draw(st.sampled_from([10**8, 10**8, 85_730_000, 11_664_300_000, 1]))
    try:
        return ChargeRule(levied, contained, factor_e8)
    except TaxError:
        return VAT
