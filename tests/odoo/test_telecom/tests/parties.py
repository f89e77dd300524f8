"""Parties that must not see each other.

    owner ─┬─ direct (customer)
           ├─ north (reseller) ─┬─ acme (customer)
           │                    └─ harbour (customer)
           └─ far (reseller) ──── island (customer)

Each party's names carry its mark, so that a foreign name is found wherever it comes out.
"""

from datetime import UTC, datetime, timedelta

STARTED_AT = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
NEXT_YEAR = datetime.now(UTC).replace(tzinfo=None, microsecond=0) + timedelta(days=365)
CUSTOMERS = {"direct": "owner", "acme": "north", "harbour": "north", "island": "far"}
RESELLERS = ("north", "far")
PARTIES = ("owner", *RESELLERS, *CUSTOMERS)


def mark(party):
    """Return the text that is in every name of a party."""
    return f"Zz{party}"
