"""What stands in a call record as numbers and frozen prices, in words for people."""

from decimal import Decimal

# ITU-T Q.850: the causes that carriers and telephones give
CAUSES = {
    0: "no cause given",
    1: "unallocated number",
    2: "no route to the network",
    3: "no route to the destination",
    16: "normal clearing",
    17: "busy",
    18: "nothing answered",
    19: "no answer, it rang",
    20: "not registered",
    21: "call rejected",
    22: "number changed",
    26: "answered elsewhere",
    27: "destination out of order",
    28: "incomplete number",
    29: "facility rejected",
    31: "normal, unspecified",
    34: "no circuit available",
    38: "network out of order",
    41: "temporary failure",
    42: "congestion",
    44: "circuit not available",
    50: "facility not subscribed",
    57: "not allowed",
    58: "bearer not available",
    63: "service not available",
    66: "channel type not implemented",
    79: "not implemented",
    88: "incompatible destination",
    95: "invalid message",
    102: "the other side gave no sign of life",
    111: "protocol error",
    127: "interworking, cause unknown",
}


def cause_in_words(cause):
    """Return a Q.850 cause as a phrase; False when the leg has none."""
    if cause is None or cause is False:
        return False
    return f"{CAUSES.get(cause, 'other cause')} ({cause})"


def price_in_words(tariff, currency):
    """Return a frozen price (the form of `core/tariff_json.py`) as one line; False for none."""
    if not tariff:
        return False
    band, *others = tariff["bands"]
    first = band["steps"][0]
    increments = "/".join(str(step["increment_s"]) for step in band["steps"][:2])
    parts = [f"{_amount(first['price_micro'])} {currency} per {first['price_unit_s']} s", f"increments {increments} s"]
    if band.get("connect_fee_micro"):
        parts.append(f"connect fee {_amount(band['connect_fee_micro'])}")
    if tariff.get("included_s"):
        parts.append(f"{tariff['included_s']} s included")
    if others:
        parts.append(f"{len(others)} further bands")
    return ", ".join(parts)


def _amount(micro):
    """Return micro units with 6 decimals."""
    return f"{Decimal(micro) / 1_000_000:.6f}"
