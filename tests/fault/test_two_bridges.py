"""Two nodes, each with its own Asterisk and bridge, carry calls of one account; one bridge is killed among them."""

import signal
import time

from tests.support import staff

GERMAN_MOBILE = "004915112340000"  # 0.12 a minute, by the second: 2,000 micro units a second
CREDIT_MICRO = 40_000
SECONDS_PAID = 20


def test_calls_on_two_nodes_share_one_purse_to_its_end_and_not_beyond(switch, second):
    account, sip = staff.new_account(switch, "505", CREDIT_MICRO)
    other = staff.new_phone(switch, account, "506")
    point = switch.last_record()
    phones = [switch.phone(sip), second.phone(other)]
    for phone in phones:
        phone.dial(GERMAN_MOBILE)
    for phone in phones:
        phone.state("CONFIRMED")
    time.sleep(1)
    second.bridge.stop(signal.SIGKILL)
    second.bridge.start()
    for phone in phones:
        phone.ended(seconds=30)
    legs = switch.settled(point, legs=2)
    assert {leg["node"] for leg in legs} == {switch.name, second.name}
    paid = [switch.charges(leg["id"])[0]["gross_micro"] for leg in legs]
    assert sum(leg["answered_s"] for leg in legs) == SECONDS_PAID
    assert sum(paid) == CREDIT_MICRO and switch.wallet(account) == (0, 0)
