"""Who pays in, when and how much: first payments, and further ones as soon as a balance is too low."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from .books import Books

MICRO = 1_000_000


@dataclass(frozen=True, slots=True)
class Purse:
    """An account's habit of paying (micro units). `pays_below` None: never again.

    `pays` None: all that it owes (postpaid); else this amount.
    """

    account_id: int
    opening: int
    pays_below: int | None
    pays: int | None


def read_purse(account_id: int, row: Mapping[str, str], scale: float = 1.0) -> Purse:
    """Purse of a row of the tables; who pays once only pays for so many times the calls."""
    once = "pays_below" not in row
    opening = round((_micro(row.get("opening")) or 0) * (scale if once else 1))
    return Purse(account_id, opening, _micro(row.get("pays_below")), _micro(row.get("pays")))


async def pay_first(purses: Sequence[Purse], books: Books) -> None:
    """The first payments of the month."""
    for purse in purses:
        if purse.opening:
            await books.pay(purse.account_id, purse.opening, f"demo:month:{purse.account_id}", "First payment")


async def pay_in(purses: Sequence[Purse], books: Books, at: datetime) -> int:
    """Let everybody pay in whose balance is too low; how many did."""
    balances = await books.balances([purse.account_id for purse in purses])
    paid = 0
    for purse in purses:
        balance = balances[purse.account_id]
        if purse.pays_below is None or balance >= purse.pays_below:
            continue
        amount = purse.pays if purse.pays is not None else -balance
        reference = "Card payment" if purse.pays is not None else "Bank transfer"
        await books.pay(purse.account_id, amount, f"demo:month:{purse.account_id}:{at:%Y%m%d%H%M%S}", reference)
        paid += 1
    return paid


def _micro(text: str | None) -> int | None:
    return round(float(text) * MICRO) if text else None
