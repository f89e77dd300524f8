"""Forwards and ring groups set by clicking only: the next call follows them."""

import time

from playwright.sync_api import expect

OUTSIDE = "442079460000"


def add_target(support) -> None:
    support.menu("Telephones", "Dial Targets")
    support.new()
    support.choose("account_id", "Lighthouse School")
    support.type(external_number=f"+{OUTSIDE}")
    support.save()


def open_phone(support, extension: str) -> None:
    support.menu("Telephones", "Telephones")
    support.page.locator(".o_data_row", has_text="Lighthouse School").filter(has_text=extension).first.click()
    support.page.get_by_role("tab", name="Calls").click()
    expect(support.field("ring_s")).to_be_visible()


def add_group(support) -> None:
    support.menu("Telephones", "Ring Groups")
    support.new()
    support.type(name="Everybody")
    support.choose("account_id", "Lighthouse School")
    support.type(extension="340")
    support.add_line()
    support.choose("target_id", "301")
    support.add_line()
    support.choose("target_id", OUTSIDE)
    support.save()


def talk_to(switch, phone, dialled):
    """The outbound leg of a call that a carrier answers."""
    point = switch.last_record()
    phone.forget()
    phone.dial(dialled)
    phone.state("CONFIRMED")
    time.sleep(1)
    phone.hang_up()
    phone.ended()
    (leg,) = [leg for leg in switch.settled(point) if leg["direction"] == "outbound"]
    return leg


def test_a_forward_and_a_ring_group_set_by_hand_hold_for_the_next_call(switch, support):
    phone = switch.phone("301", answer="486")
    add_target(support)
    open_phone(support, "301")
    support.choose("forward_no_answer_id", OUTSIDE)
    support.type(ring_s="9")
    support.save()
    assert "5 to 180" in refused(support, ring_s="2")
    row = switch.one("select ring_s, forward_no_answer_id from telecom_phone where sip_username = %s", phone.user)
    assert (row["ring_s"], row["forward_no_answer_id"] is not None) == (9, True)

    with switch.noticed():
        add_group(support)
    assert talk_to(switch, phone, "340")["e164"] == OUTSIDE
    support.menu("Telephones", "Ring Groups")
    assert support.row("Everybody")["extension"] == "340"


def refused(support, **values: str) -> str:
    support.type(**values)
    return support.save_refused()
