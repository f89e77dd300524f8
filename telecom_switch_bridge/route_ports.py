"""What services need to know of carriers, their prices and routes; a part of the port `Catalogue`."""

from collections.abc import Callable, Hashable, Mapping
from datetime import datetime
from typing import Any, Protocol

from .core.class_of_service import DialledPlace
from .core.currency import CurrencyRates
from .core.rating import Tariff
from .core.route_pick import Costs
from .values import Carrier, CarrierBlock, RouteEntry, Trunk, TrunkQuality


class CostTable(Protocol):
    """What a call of one kind costs by each carrier's deck, from an instant until before another one."""

    @property
    def since(self) -> datetime: ...

    @property
    def until(self) -> datetime: ...

    def costs(self, e164: str) -> Costs:
        """Costs of a call to a number, in the order of `costed_carriers`."""


class RouteCatalogue(Protocol):
    """As of one moment; never changes, a newer one replaces it."""

    def route(self, digits: str, *, emergency: bool) -> RouteEntry | None:
        """Route entry with the longest matching prefix."""

    def trunks(self) -> Mapping[int, Trunk]:
        """Active trunks of active carriers by id."""

    def is_down(self, trunk_id: int) -> bool:
        """True for a trunk that is known to reach nobody now: it is the last to be tried."""

    def carrier(self, carrier_id: int) -> Carrier | None:
        """Carrier by id."""

    def deck_tariff(self, carrier_id: int, e164: str, at: datetime) -> Tariff | None:
        """Carrier's terms for a number: the longest matching prefix of its own deck."""

    def deck_costs(self, expected_s: int, at: datetime, currency: str) -> CostTable:
        """What a call of so many seconds costs in a currency."""

    def knows_places(self) -> bool:
        """True when routes may depend on the place of a number: a quality or a block is known."""

    def quality(self, trunk_id: int, place: DialledPlace | None) -> TrunkQuality | None:
        """How well a trunk completes calls to a destination, else to its group, else everywhere; None: not known."""

    def block(self, carrier_id: int, place: DialledPlace) -> CarrierBlock | None:
        """Block of a carrier at a destination or its group."""

    def currencies(self) -> CurrencyRates:
        """Currency rates by date."""

    def costed_carriers(self) -> Mapping[int, int]:
        """Places of carriers in `deck_costs`."""

    def keep(self, key: Hashable, make: Callable[[], Any]) -> Any:
        """Something worked out from this catalogue, made once; as many of them are kept as fit."""

    def era(self, at: datetime) -> int:
        """Number of the time around an instant in which plans of accounts, their prices, decks and rates of exchange
        are the same."""

    def deck_place(self, e164: str) -> int:
        """Numbers of one place cost the same by every deck that is in `deck_costs`."""

    def inbound_tariff(self, carrier_id: int, e164: str, at: datetime) -> Tariff | None:
        """What a carrier pays us for a call that it brings for a number of ours."""
