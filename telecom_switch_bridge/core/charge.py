"""How the price of a call becomes what an account pays: rounded by the plan, converted, taxed (charging.md 3 and 5).

Order of evaluation, each rounding once:
1. A price that contains other taxes than the account bears loses them, exactly (and takes up those that it is to
   contain).
2. The plan's rounding makes an amount of it; where plan and account have different currencies, it is converted half-up
   at 6 decimals.
3. Each tax is rounded half-up at 6 decimals: on the exact price when all taxes are added to it, on the amount of 2 when
   the price contains one (that amount is what the customer was told, net and taxes must add up to it).
Net = amount of 2 less the taxes that it contains; gross = the amount of 2 and the taxes that are added. A call that
costs nothing bears no tax, not even a flat one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, NamedTuple

from .money import FACTOR_ONE, convert_micro, round_ratio
from .pricing import PricedCall
from .tariff import Tariff
from .tax import Share, Tax, TaxError, shares_of, tax_from_json, tax_to_json

MAX_FACTOR_E8 = 10**16
"""Highest factor between two currencies: a hundred million of one for one of the other."""


class Charged(NamedTuple):
    """A charge in its three amounts (charging.md 3); the wallet moves by gross. `parts`: the taxes one by one."""

    net_micro: int
    tax_micro: int
    gross_micro: int
    parts: tuple[int, ...] = ()


class Part(NamedTuple):
    """A tax ready for many calls: (of_price x price + flat) / whole, in whole numbers."""

    contained: bool
    of_price: int
    flat: int
    whole: int


class CompiledRule(NamedTuple):
    """What construction works out once. `scale`: 1. of the order of evaluation as a fraction."""

    plain: bool
    scale_up: int
    scale_down: int
    from_amount: bool
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class ChargeRule:
    """Taxes that an account bears, in order; building an unsound one raises TaxError.

    `price_taxes`: the taxes that prices were made for, where a fiscal position put `taxes` in their place; None: those.
    `factor_e8`: units of the account's currency for one of the plan's, with 8 decimals.
    """

    taxes: tuple[Tax, ...] = ()
    price_taxes: tuple[Tax, ...] | None = None
    factor_e8: int = FACTOR_ONE
    compiled: CompiledRule = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Check and compile; raise TaxError."""
        object.__setattr__(self, "compiled", _compile(self))


def charge_of(priced: PricedCall, rule: ChargeRule) -> Charged:
    """What an account pays for a priced call."""
    if rule.compiled.plain:
        return Charged(priced.cost_micro, 0, priced.cost_micro)
    return charged(priced.tariff, priced.numerator, rule)


def charged(tariff: Tariff, numerator: int, rule: ChargeRule) -> Charged:
    """What an account pays for an exact price: `numerator` over the tariff's denominator, in micro-units."""
    _, up, down, from_amount, parts = rule.compiled
    numerator, denominator = numerator * up, tariff.compiled.denominator * down
    amount_micro = round_ratio(numerator, denominator, tariff.rounding.method, tariff.compiled.rounding[3])
    if rule.factor_e8 != FACTOR_ONE:
        amount_micro = convert_micro(amount_micro, rule.factor_e8)
        numerator, denominator = numerator * rule.factor_e8, denominator * FACTOR_ONE
    base = (amount_micro, 1) if from_amount else (numerator, denominator)
    taxes = tuple(part_micro(part, *base) for part in parts)
    contained_micro = sum(tax for tax, part in zip(taxes, parts, strict=True) if part.contained)
    tax_micro = sum(taxes)
    net_micro = amount_micro - contained_micro
    return Charged(net_micro, tax_micro, net_micro + tax_micro, taxes)


def part_micro(part: Part, numerator: int, denominator: int) -> int:
    """One tax on the exact amount numerator/denominator, half-up at 6 decimals; nothing on nothing."""
    if numerator <= 0:
        return 0
    exact = part.of_price * numerator + part.flat * denominator
    return round_ratio(exact, part.whole * denominator, "half_up")


def rule_to_json(rule: ChargeRule) -> dict[str, Any]:
    """Plain dict of what a rule says, {} for one that says nothing; `rule_from_json` gives back an equal one."""
    data: dict[str, Any] = {}
    if rule.taxes:
        data["taxes"] = [tax_to_json(tax) for tax in rule.taxes]
    if rule.price_taxes is not None:
        data["price_taxes"] = [tax_to_json(tax) for tax in rule.price_taxes]
    if rule.factor_e8 != FACTOR_ONE:
        data["factor_e8"] = rule.factor_e8
    return data


def rule_from_json(data: Mapping[str, Any]) -> ChargeRule:
    """Rule of a dict that may hold other things too; TaxError when it is not sound.

    Calls that were authorised before there were several taxes have the rate of an added one (`tax_ppm`).
    """
    price_taxes, taxes = data.get("price_taxes"), data.get("taxes") or ()
    if data.get("tax_ppm"):
        taxes = ({"tax_id": 0, "name": "Tax", "amount_type": "percent", "amount": data["tax_ppm"]},)
    return ChargeRule(
        _taxes(taxes),
        None if price_taxes is None else _taxes(price_taxes),
        data.get("factor_e8", FACTOR_ONE),
    )


def lines_of(rule: ChargeRule, charge: Charged) -> list[dict[str, Any]]:
    """Each tax with what it took, for the record."""
    return [
        {"tax_id": tax.tax_id, "name": tax.name, "amount_micro": micro}
        for tax, micro in zip(rule.taxes, charge.parts, strict=False)
    ]


def _taxes(data: Sequence[dict[str, Any]]) -> tuple[Tax, ...]:
    return tuple(tax_from_json(one) for one in data)


def _compile(rule: ChargeRule) -> CompiledRule:
    if type(rule.factor_e8) is not int or not 0 < rule.factor_e8 <= MAX_FACTOR_E8:
        raise TaxError(f"a currency factor must be above zero, not {rule.factor_e8!r}")
    shares = shares_of(rule.taxes)
    scale = _scale(rule.taxes, shares, rule.price_taxes)
    from_amount = any(share.contained for share in shares)
    plain = not shares and scale == 1 and rule.factor_e8 == FACTOR_ONE
    return CompiledRule(plain, scale.numerator, scale.denominator, from_amount, tuple(map(_part, shares)))


def _scale(taxes: Sequence[Tax], shares: Sequence[Share], price_taxes: Sequence[Tax] | None) -> Fraction:
    """What is left of a price when a fiscal position has put other taxes in the place of those that it contains.

    As Odoo does it (`_adapt_price_unit_to_another_taxes`): only when the price contains all of the old ones.
    """
    if not price_taxes or tuple(price_taxes) == tuple(taxes) or not all(tax.price_include for tax in price_taxes):
        return Fraction(1)
    old = sum((share.of_price for share in shares_of(price_taxes)), Fraction(0))
    new = sum((share.of_price for share in shares if share.contained), Fraction(0))
    return (1 - old) / (1 - new)


def _part(share: Share) -> Part:
    whole = share.of_price.denominator * share.flat.denominator
    return Part(share.contained, int(share.of_price * whole), int(share.flat * whole), whole)


NO_TAX = ChargeRule()
"""The price itself."""
