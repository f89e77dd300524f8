"""What a carrier pays us for a call that it brings (charging.md 6 and 7): its inbound deck, by the number called."""

from datetime import datetime

from ..ports import Catalogue, PlannedRoute
from ..values import Trunk

_TRUNK_CHANNEL = "PJSIP/"


def inbound_pay(catalogue: Catalogue, trunk: Trunk, e164: str, at: datetime) -> PlannedRoute | None:
    """Terms of the carrier's inbound deck for our number; None when it pays nothing for it.

    Nobody is refused for a price that is missing: the call costs us nothing more than it would without a deck.
    """
    carrier = catalogue.carrier(trunk.carrier_id)
    tariff = catalogue.inbound_tariff(trunk.carrier_id, e164, at)
    if carrier is None or tariff is None:
        return None
    return PlannedRoute(
        dial="",
        trunk_id=trunk.trunk_id,
        carrier_id=carrier.carrier_id,
        currency=carrier.currency,
        duration_rule=carrier.duration_rule,
        tariff=tariff,
    )


def silent_pay(catalogue: Catalogue | None, channel: str, e164: str, at: datetime) -> PlannedRoute | None:
    """Trunk, carrier and terms of an inbound leg that was let through while nobody was asked, by its channel's name.

    The deck as it is known now, at the instant of the answer; None when the trunk is not known. Without a price the
    route has no tariff: the record says so.
    """
    endpoint = channel.removeprefix(_TRUNK_CHANNEL).rpartition("-")[0]
    trunk = catalogue.trunk_by_endpoint(endpoint) if catalogue is not None else None
    if catalogue is None or trunk is None:
        return None
    unpaid = PlannedRoute(dial="", trunk_id=trunk.trunk_id, carrier_id=trunk.carrier_id)
    return inbound_pay(catalogue, trunk, e164, at) or unpaid
