"""Sums by day, from the groups of one query."""

from collections import defaultdict


class Days:
    """Sums of named amounts for each day and currency. `currency`: a record of res.currency, maybe empty."""

    def __init__(self, period):
        self._period = period
        self._sums = defaultdict(lambda: defaultdict(float))
        self._used = defaultdict(float)

    def add(self, at, currency, **amounts):
        """Add amounts to a day; `at`: what Odoo's grouping by day gives (an instant in the person's time zone)."""
        for name, amount in amounts.items():
            self._sums[at.date(), currency][name] += amount or 0
            self._sums[None, currency][name] += amount or 0
        self._used[currency] += amounts.get("legs", 0)

    @property
    def currencies(self):
        """Currencies in which there are amounts, the most used first."""
        named = [currency for currency in self._used if currency]
        return sorted(named, key=lambda currency: (-self._used[currency], currency.name))

    def values(self, name, currency=None):
        """Sums of each day in one currency; without one, of all (for what is no amount)."""
        wanted = list(self._used) if currency is None else [currency]
        return [sum(self._sums[day, one][name] for one in wanted) for day in self._period.days]

    def total(self, name, currency=None):
        """Sum of the whole period."""
        wanted = list(self._used) if currency is None else [currency]
        return sum(self._sums[None, one][name] for one in wanted)
