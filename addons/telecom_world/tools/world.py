"""Destinations of the world, from the numbering plans in `phonenumbers`: the fewest prefixes that tell them apart.

A country code's numbers are a tree of digits; each country and kind of network that has it is a pattern on it. A branch
belongs to whom its numbers belong to, a branch without numbers to anybody, so that one prefix does for many (optimal
routing table construction). Where six further digits do not tell two apart, the dearer kind is taken, since a price
that is too high for some is no loss.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import cache

from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, PhoneMetadata

from .digit_patterns import DIGITS, NEVER, after, either, read_pattern

DEEPEST = 6  # digits after the country code
NO_REGION = "001"  # of phonenumbers: numbers of no country

KINDS = {
    "premium": ("premium_rate",),
    "freephone": ("toll_free",),
    "shared": ("shared_cost",),
    "personal": ("personal_number",),
    "other": ("pager", "uan", "voicemail"),
    "voip": ("voip",),
    "mobile": ("mobile",),
    "fixed": ("fixed_line",),
}
"""Kinds of network as destinations know them, the dearer first, and what phonenumbers calls them."""

NOT_OF_A_COUNTRY = {
    800: ("International Freephone", "freephone"),
    808: ("International Shared Cost", "shared"),
    870: ("Inmarsat", "satellite"),
    878: ("Universal Personal Numbers", "personal"),
    881: ("Global Mobile Satellite Systems", "satellite"),
    882: ("International Networks 882", "satellite"),
    883: ("International Networks 883", "voip"),
    888: ("Disaster Relief", "other"),
    979: ("International Premium Rate", "premium"),
}
"""ITU-T E.164 codes of no country: name and kind."""

Owner = tuple[str, str]  # country (ISO 3166) or "", kind
Live = frozenset  # of (owner, pattern of the digits that are left)


@dataclass(frozen=True, slots=True)
class WorldDestination:
    """`key`: stays the same in every release; `country`: ISO 3166, empty for codes of no country, then `name`."""

    key: str
    country: str
    kind: str
    country_code: str
    name: str
    prefixes: tuple[str, ...]


@cache
def world_destinations() -> tuple[WorldDestination, ...]:
    """Return all destinations of the world, by country code."""
    found = []
    for code, regions in sorted(COUNTRY_CODE_TO_REGION_CODE.items()):
        if regions[0] == NO_REGION:
            if code in NOT_OF_A_COUNTRY:
                name, kind = NOT_OF_A_COUNTRY[code]
                found.append(WorldDestination(f"{code}", "", kind, str(code), name, (str(code),)))
        else:
            found += _of_code(str(code), regions)
    return tuple(found)


def _of_code(code: str, regions) -> list[WorldDestination]:
    tree = _Tree({owner: pattern for region in regions for owner, pattern in _patterns(region)}, regions[0])
    prefixes = tree.prefixes(code)
    return [
        WorldDestination(f"{country}-{kind}", country, kind, code, "", tuple(sorted(prefixes[country, kind])))
        for country, kind in sorted(prefixes)
    ]


def _patterns(region: str):
    """Yield (owner, pattern) of the kinds of network of a country."""
    plan = PhoneMetadata.metadata_for_region(region)
    texts = {}
    for kind, names in KINDS.items():
        parts = [getattr(plan, name).national_number_pattern for name in names if getattr(plan, name)]
        if parts := [part for part in parts if part]:
            texts[kind] = parts
    if texts.get("mobile") == texts.get("fixed"):
        texts.pop("mobile", None)  # as in the United States: nothing tells them apart, and they cost the same
    for kind, parts in texts.items():
        yield (region, kind), either(read_pattern(part) for part in parts)


class _Tree:
    """Numbers of one country code."""

    def __init__(self, patterns: dict[Owner, tuple], main: str) -> None:
        self._patterns, self._main = patterns, main
        self._everybody = frozenset(patterns)
        self._order = list(KINDS)
        self._known: dict[tuple[Live, int], frozenset[Owner]] = {}

    def prefixes(self, code: str) -> dict[Owner, list[str]]:
        """Return the prefixes of each owner; the code itself is the main country's fixed network."""
        default = (self._main, "fixed")
        if default not in self._patterns:
            default = min(self._patterns, key=self._rank)
        found: dict[Owner, list[str]] = defaultdict(list)
        found[default].append(code)
        for digit in DIGITS:
            self._give_out(found, code + digit, _step(Live(self._patterns.items()), digit), 1, default)
        return found

    def _rank(self, owner: Owner):
        """Who is taken of several that nothing tells apart: the dearer kind, of the main country of the code."""
        return (self._order.index(owner[1]), owner[0] != self._main, owner[0])

    def _ends(self, live: Live, depth: int) -> bool:
        """Return whether further digits do not tell the owners apart."""
        return depth == DEEPEST or len({left for _, left in live}) == 1 or len({owner for owner, _ in live}) == 1

    def _candidates(self, live: Live, depth: int) -> frozenset[Owner]:
        """Return owners for a branch with which its prefixes are the fewest."""
        if not live:
            return self._everybody
        key = (live, depth)
        if key not in self._known:
            if self._ends(live, depth):
                self._known[key] = frozenset([min((owner for owner, _ in live), key=self._rank)])
            else:
                self._known[key] = self._best([self._candidates(_step(live, one), depth + 1) for one in DIGITS])
        return self._known[key]

    def _best(self, branches: list[frozenset[Owner]]) -> frozenset[Owner]:
        if common := frozenset.intersection(*branches):
            return common
        counts = Counter(owner for branch in branches if branch != self._everybody for owner in branch)
        most = max(counts.values())
        return frozenset(owner for owner, count in counts.items() if count == most)

    def _give_out(self, found, prefix: str, live: Live, depth: int, above: Owner) -> None:
        """Add the prefixes of a branch that do not follow from the owner above it."""
        if not live:
            return
        candidates = self._candidates(live, depth)
        if above not in candidates:
            above = min(candidates, key=self._rank)
            found[above].append(prefix)
        if not self._ends(live, depth):
            for digit in DIGITS:
                self._give_out(found, prefix + digit, _step(live, digit), depth + 1, above)


def _step(live: Live, digit: str) -> Live:
    return Live((owner, left) for owner, pattern in live if (left := after(pattern, digit)) != NEVER)
