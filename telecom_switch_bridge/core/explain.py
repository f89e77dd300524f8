"""A price told in lines for people: each part of a call with the rule or field it comes from."""

from .charge import NO_TAX, ChargeRule, charge_of
from .money import FACTOR_ONE, format_micro, round_ratio
from .pricing import PricedCall, Segment
from .tariff import Band, Step, Tariff, hours_text
from .tax import Tax


def explain_tariff(tariff: Tariff) -> list[str]:
    """Terms of a tariff, a line for each band and step and each term that is set."""
    lines = [f"tariff: clock of {tariff.timezone}; cost rounded {_rounding(tariff)}"]
    for band in tariff.bands:
        lines.append(f"  band {band.name!r} ({hours_text(band)}, weight {band.weight}): {_fee(band)}")
        lines += [f"    from {step.from_s} s: {_price(step)}" for step in band.steps]
    return lines + [f"  {term}" for term in _terms(tariff)]


def explain_call(priced: PricedCall, duration_s: int, rule: ChargeRule = NO_TAX) -> list[str]:
    """How a call of `duration_s` answered seconds came to its cost, in the order of evaluation of FORMAT.md."""
    tariff = priced.tariff
    if priced.charged_s == 0:
        why = "not answered, or 0 seconds" if duration_s == 0 else f"within the grace of {tariff.grace_s} s"
        return [f"free: {why}"]
    lines = _time_lines(tariff, duration_s, priced.charged_s)
    lines.append(f"connect fee of the band at answer: {format_micro(priced.connect_fee_micro)}")
    if tariff.included_s:
        lines.append(f"included with the fee: the first {tariff.included_s} s")
    lines += [_segment(tariff, segment, priced.denominator) for segment in priced.segments]
    if priced.bound == "min_cost":
        lines.append(f"raised to the minimum cost {format_micro(tariff.min_cost_micro)}")
    elif priced.bound == "max_cost":
        lines.append(f"held at the maximum cost {format_micro(tariff.max_cost_micro or 0)}")
    exact = _exact(priced.numerator, priced.denominator)
    named = "net" if not rule.compiled.from_amount and rule.compiled.scale_up == rule.compiled.scale_down else "price"
    lines.append(f"{named} {format_micro(priced.cost_micro)} = exact {exact} rounded {_rounding(tariff)}")
    return lines + ([] if rule.compiled.plain else _charge_lines(priced, rule))


def _charge_lines(priced: PricedCall, rule: ChargeRule) -> list[str]:
    """Conversion and taxes, in the order of `charge`."""
    charge, lines = charge_of(priced, rule), []
    if rule.compiled.scale_up != rule.compiled.scale_down:
        old = ", ".join(tax.name for tax in rule.price_taxes or ())
        lines.append(f"price without {old}, which the fiscal position takes away")
    if rule.factor_e8 != FACTOR_ONE:
        lines.append(f"converted into the account's currency at {_factor(rule)}")
    on = "of the amount" if rule.compiled.from_amount else "of the exact net"
    for tax, micro in zip(rule.taxes, charge.parts, strict=True):
        how = " contained" if tax.price_include else ""
        lines.append(f"tax {tax.name}: {_tax_rate(tax)} {on}{how}: {format_micro(micro)}")
    lines += [f"net {format_micro(charge.net_micro)}"] if rule.compiled.from_amount else []
    return [*lines, f"gross {format_micro(charge.gross_micro)}"]


def _factor(rule: ChargeRule) -> str:
    units, parts = divmod(rule.factor_e8, FACTOR_ONE)
    return f"{units}.{parts:08d}"


def _tax_rate(tax: Tax) -> str:
    if tax.amount_type == "fixed":
        return f"flat {format_micro(tax.amount)} a call,"
    return f"{format_micro(tax.amount * 100).rstrip('0').rstrip('.')} %"


def _time_lines(tariff: Tariff, duration_s: int, charged_s: int) -> list[str]:
    lines = [f"answered {duration_s} s"]
    if duration_s < tariff.min_duration_s:
        lines.append(f"raised to the minimum of {tariff.min_duration_s} s")
    if tariff.grace_mode == "subtract" and tariff.grace_s:
        lines.append(f"less {tariff.grace_s} s of grace: {charged_s} s")
    return lines


def _segment(tariff: Tariff, segment: Segment, denominator: int) -> str:
    band = tariff.bands[segment.band_index]
    step = band.steps[segment.step_index]
    until_s = segment.from_s + segment.seconds
    return (
        f"second {segment.from_s} to {until_s}, band {band.name!r}, step from {step.from_s} s: "
        f"{segment.increments} x {step.increment_s} s at {_price(step)} = {_exact(segment.numerator, denominator)}"
    )


def _exact(numerator: int, denominator: int) -> str:
    """Amount with 6 decimals; ~ in front when the exact one is longer."""
    near_micro = round_ratio(numerator, denominator, "half_up")
    return ("" if near_micro * denominator == numerator else "~") + format_micro(near_micro)


def _fee(band: Band) -> str:
    return f"connect fee {format_micro(band.connect_fee_micro)}"


def _price(step: Step) -> str:
    return f"{format_micro(step.price_micro)} per {step.price_unit_s} s in steps of {step.increment_s} s"


def _rounding(tariff: Tariff) -> str:
    method, decimals = tariff.rounding.method, tariff.rounding.decimals
    return "half_up to 6 decimals" if method == "none" else f"{method} to {decimals} decimals"


def _terms(tariff: Tariff) -> list[str]:
    told = {
        f"first {tariff.included_s} s included with the connect fee": tariff.included_s,
        f"at least {tariff.min_duration_s} s are charged": tariff.min_duration_s,
        f"grace {tariff.grace_s} s ({tariff.grace_mode})": tariff.grace_s,
        f"minimum cost {format_micro(tariff.min_cost_micro)}": tariff.min_cost_micro,
    }
    if tariff.max_cost_micro is not None:
        told[f"maximum cost {format_micro(tariff.max_cost_micro)} ({tariff.max_cost_strategy})"] = 1
    return [line for line, is_set in told.items() if is_set]
