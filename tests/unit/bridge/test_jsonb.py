"""What is sent as jsonb: the quick writer and the one for what it does not take say instants alike."""

import json
from datetime import UTC, datetime

import pytest

from telecom_switch_bridge.store.database import _dumps

BEYOND_64_BITS = 2**70


@pytest.mark.parametrize("microsecond", [0, 1, 287598])
def test_an_instant_is_the_same_text_whichever_writer_takes_it(microsecond):
    at = datetime(2026, 11, 23, 22, 38, 39, microsecond, tzinfo=UTC)
    quick, slow = (json.loads(_dumps({"at": at, "amount": amount})[1:]) for amount in (1, BEYOND_64_BITS))
    assert quick["at"] == slow["at"] == at.isoformat()
    assert slow["amount"] == BEYOND_64_BITS
