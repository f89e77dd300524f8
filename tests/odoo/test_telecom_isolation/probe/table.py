"""What the probe tried and found: surfaces by roles."""

from collections import defaultdict


class Table:
    """Counts of tries and the leaks found, by (surface, role)."""

    def __init__(self):
        self.tries = defaultdict(int)
        self.leaks = defaultdict(set)
        self.untested = defaultdict(set)

    def note(self, surface, role, leak=None, tries=1):
        """Count tries of a surface by a role; `leak` says what came out, None that nothing did."""
        self.tries[surface, role.name] += tries
        if leak:
            self.leaks[surface, role.name].add(leak)

    def found(self, surface=None):
        """Return the leaks as text lines, of one surface or of all."""
        return sorted(
            f"{of}, {role}: {leak}"
            for (of, role), leaks in self.leaks.items()
            if surface in (None, of)
            for leak in leaks
        )

    def lines(self, roles):
        """The table as text: a row for each surface, a column for each role, `tries` or `tries!leaks`."""
        surfaces = list(dict.fromkeys(surface for surface, _role in self.tries))
        heads = [f"({number}) {role.name}" for number, role in enumerate(roles, 1)]
        yield "roles: " + ", ".join(heads)
        numbers = "".join(f"{f'({number})':>9}" for number in range(1, len(roles) + 1))
        yield f"{'surface':<34}{numbers}{'leaks':>8}"
        for surface in surfaces:
            cells = [self._cell(surface, role) for role in roles]
            leaks = sum(len(self.leaks[surface, role.name]) for role in roles)
            yield f"{surface:<34}" + "".join(f"{cell:>9}" for cell in cells) + f"{leaks:>8}"

    def _cell(self, surface, role):
        tries, leaks = self.tries.get((surface, role.name), 0), len(self.leaks.get((surface, role.name), ()))
        return "-" if not tries else f"{tries}!{leaks}" if leaks else str(tries)
