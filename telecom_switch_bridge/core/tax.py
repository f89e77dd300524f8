"""Taxes as Odoo has them (account.tax), worked out exactly: what each of them is of a price.

Same order of evaluation as Odoo's own for one unit of a line (`account.tax`, rounding "globally"): flat amounts first,
then what the price contains from the last tax to the first, then what is added to it from the first to the last. A call
is one unit, so a flat amount is due once a call. Each tax is then `of_price` x price + `flat`, as fractions.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal, NamedTuple

from .money import MICRO, PPM

AmountType = Literal["percent", "division", "fixed"]

MAX_TAXES = 8
"""Taxes of one call: more are a mistake, and each is worked out several times a call."""

MAX_AMOUNT = 10**12
"""Highest rate (ppm) or flat amount (micro-units): a million units."""


class TaxError(ValueError):
    """Taxes that cannot be charged on calls, in words for people."""


@dataclass(frozen=True, slots=True)
class Tax:
    """One tax in Odoo's words. `amount`: parts per million (percent, division: 20 % = 200_000) or micro-units (fixed).

    `price_include`: the price contains it. `include_base_amount`: later taxes are charged on it too, if
    `is_base_affected` says so of them. Percent is of the price without it, division of the price with it.
    """

    tax_id: int
    name: str
    amount_type: AmountType
    amount: int
    price_include: bool = False
    include_base_amount: bool = False
    is_base_affected: bool = True


class Share(NamedTuple):
    """What one tax is: `of_price` x price + `flat` micro-units; `contained` in the price or added to it."""

    contained: bool
    of_price: Fraction
    flat: Fraction


def shares_of(taxes: Sequence[Tax]) -> tuple[Share, ...]:
    """Shares of taxes that apply in this order; raises TaxError for what a call cannot bear."""
    _check(taxes)
    shares = _Evaluation(taxes).shares()
    for tax, share in zip(taxes, shares, strict=True):
        if share.of_price < 0 or share.flat < 0 or (share.contained and share.flat):
            raise TaxError(
                f"tax {tax.name}: the order of the taxes makes it depend on a flat amount, or less than nothing; put"
                " taxes that the price contains before those that are added"
            )
    assert sum(share.of_price for share in shares if share.contained) < 1, "taxes leave something of the price"
    return shares


def tax_from_json(data: dict[str, Any]) -> Tax:
    """Tax of the form that the seam's view of accounts and a frozen level share; what is usual may be left out."""
    try:
        return Tax(**data)
    except TypeError as error:
        raise TaxError(f"tax with a missing or unknown value: {error}") from error


def tax_to_json(tax: Tax) -> dict[str, Any]:
    """Plain dict without what is usual; `tax_from_json` gives back an equal tax."""
    data: dict[str, Any] = {name: getattr(tax, name) for name in ("tax_id", "name", "amount_type", "amount")}
    unusual = {"price_include": True, "include_base_amount": True, "is_base_affected": False}
    return data | {name: value for name, value in unusual.items() if getattr(tax, name) is value}


def _check(taxes: Sequence[Tax]) -> None:
    if len(taxes) > MAX_TAXES:
        raise TaxError(f"{len(taxes)} taxes; a call bears at most {MAX_TAXES}")
    for tax in taxes:
        if tax.amount_type not in ("percent", "division", "fixed"):
            raise TaxError(f"tax {tax.name}: computed by {tax.amount_type!r}; calls bear percent, division and fixed")
        if type(tax.amount) is not int or not 0 <= tax.amount <= MAX_AMOUNT:
            raise TaxError(f"tax {tax.name}: its amount must be from 0 to {MAX_AMOUNT // MICRO}, not {tax.amount!r}")
        if tax.amount_type == "fixed" and tax.price_include:
            raise TaxError(f"tax {tax.name}: a price by time cannot contain a flat amount; let it be added")


class _Form(NamedTuple):
    """An amount that depends on the price: of_price x price + flat."""

    of_price: Fraction
    flat: Fraction

    def plus(self, other: "_Form", sign: int) -> "_Form":
        return _Form(self.of_price + sign * other.of_price, self.flat + sign * other.flat)

    def times(self, factor: Fraction) -> "_Form":
        return _Form(self.of_price * factor, self.flat * factor)


_PRICE = _Form(Fraction(1), Fraction(0))


class _Evaluation:
    """Odoo's walk over taxes, on forms in place of amounts."""

    def __init__(self, taxes: Sequence[Tax]) -> None:
        self._taxes = taxes
        self._batches = _batches(taxes)
        self._bases = [_PRICE] * len(taxes)
        self._amounts: dict[int, _Form] = {}

    def shares(self) -> tuple[Share, ...]:
        """A share for each tax, in order."""
        order = range(len(self._taxes))
        for place in reversed(order):
            if self._taxes[place].amount_type == "fixed":
                self._settle(place, _Form(Fraction(0), Fraction(self._taxes[place].amount)))
        for place in reversed(order):
            if self._taxes[place].price_include:
                self._settle(place, self._bases[place].times(self._factor(place)))
        for place in order:
            if place not in self._amounts:
                self._settle(place, self._bases[place].times(self._factor(place)))
        return tuple(Share(self._taxes[place].price_include, *self._amounts[place]) for place in order)

    def _factor(self, place: int) -> Fraction:
        """What a tax is of its base; taxes of a batch share one base."""
        tax = self._taxes[place]
        rate = Fraction(tax.amount, PPM)
        together = sum((Fraction(self._taxes[other].amount, PPM) for other in self._batches[place]), Fraction(0))
        if tax.amount_type == "percent":
            return rate / (1 + together) if tax.price_include else rate
        if together >= 1:
            raise TaxError(f"tax {tax.name}: a part of the whole must be less than all of it")
        return rate if tax.price_include else rate / (1 - together)

    def _settle(self, place: int, amount: _Form) -> None:
        """Keep an amount; bases of the taxes that are not worked out yet change by it where the rules say so."""
        self._amounts[place] = amount
        for other in range(len(self._taxes)):
            if other not in self._amounts and other not in self._batches[place]:
                self._bases[other] = self._bases[other].plus(amount, self._effect(place, other))

    def _effect(self, place: int, other: int) -> int:
        """+1: the base of `other` grows by this tax; -1: it shrinks; 0: it stays."""
        tax, later, affected = self._taxes[place], other > place, self._taxes[other].is_base_affected
        if tax.price_include:
            return 0 if later and tax.include_base_amount and affected else -1
        return 1 if later and tax.include_base_amount and affected else 0


def _batches(taxes: Sequence[Tax]) -> list[range]:
    """Neighbours of one kind that are charged on the same base, for each tax; made from the last to the first."""
    batches: list[range] = []
    end = len(taxes)
    for place in reversed(range(len(taxes))):
        if place == 0 or not _together(taxes[place - 1], taxes[place], taxes[end - 1]):
            batches[:0] = [range(place, end)] * (end - place)
            end = place
    return batches


def _together(earlier: Tax, later: Tax, last: Tax) -> bool:
    """True when `earlier` joins the batch of `later`, whose last member is `last`."""
    kinds = [(tax.amount_type, tax.price_include, tax.include_base_amount) for tax in (earlier, last)]
    return kinds[0] == kinds[1] and not (earlier.include_base_amount and later.is_base_affected)
