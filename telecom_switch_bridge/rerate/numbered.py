"""Things by numbers, so that arrays can name them."""

from dataclasses import dataclass, field


@dataclass(slots=True)
class Numbered:
    """Things with their places in the order in which they were first seen."""

    things: list[object] = field(default_factory=list)
    places: dict[object, int] = field(default_factory=dict)

    def place(self, thing: object) -> int:
        """Place of a thing, a new one at the end."""
        if thing not in self.places:
            self.places[thing] = len(self.things)
            self.things.append(thing)
        return self.places[thing]
