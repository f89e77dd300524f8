"""Why a call was refused: words for every reason, read from the lines that the bridge and Asterisk really write."""

import re

import pytest

from bss_cli import call, call_reasons
from bss_cli.paths import REPO, Layout
from telecom_switch_bridge.dialplan_names import REASONS, UNSPOKEN_REASONS
from telecom_switch_bridge.observe.log import line
from telecom_switch_bridge.ports import Reason
from telecom_switch_bridge.refusals import WORDS, words_of

REFUSALS = (REPO / "asterisk" / "dialplan" / "90_refusals.conf").read_text(encoding="utf-8")


@pytest.fixture
def layout(tmp_path):
    found = Layout(REPO, tmp_path)
    found.log.mkdir()
    (found.node_dir("a") / "log").mkdir(parents=True)
    return found


def bridge_says(layout, **fields):
    with (layout.log / "bridge-a.log").open("a") as log:
        log.write(f"2026-11-24T00:00:00.000Z INFO bss.call {line('authorise_call', fields)}\n")


def asterisk_says(layout, reason, endpoint="a1-101"):
    with (layout.node_dir("a") / "log" / "messages.log").open("a") as log:
        log.write(f"[2026-11-24 00:00:00.1] NOTICE[7][C-01] Ext. s: action=call_refused reason={reason} cause=21 "
                  f"endpoint={endpoint} dialled=020 channel=a-1.1\n")  # fmt: skip


def test_every_reason_has_words_and_a_sentence():
    assert set(WORDS) == REASONS >= {reason.value for reason in Reason}
    for reason in REASONS - UNSPOKEN_REASONS:
        assert call_reasons.heard(REPO, reason), reason
        assert WORDS[reason].why and WORDS[reason].remedy


def test_the_sentence_named_is_the_one_that_the_dialplan_plays():
    played = dict(re.findall(r"1\((\w+),\d+,(\S+)\)\)", REFUSALS.partition("[refused-trunk]")[0]))
    assert set(played) == REASONS - UNSPOKEN_REASONS
    for reason, prompt in played.items():
        ours = prompt.startswith("${BSS_SOUNDS}/")
        assert ours == (reason not in call_reasons.CORE_PROMPTS)
        assert not ours or prompt == "${BSS_SOUNDS}/" + reason.replace("_", "-")


def test_a_refusal_is_told_with_detail_sentence_and_remedy(layout):
    asterisk_says(layout, "bad_number")
    before = call_reasons.mark(layout)
    bridge_says(layout, endpoint="a1-101", decision="refused", reason="no_credit", detail='headroom "[0]" micro')
    asterisk_says(layout, "no_credit")
    asterisk_says(layout, "suspended", endpoint="b1-101")
    found = call_reasons.refusal(layout, before, "a1-101")
    assert (found["reason"], found["detail"], found["tried"]) == ("no_credit", 'headroom "[0]" micro', False)
    found = call_reasons.in_words(found, words_of("no_credit")._asdict())
    shown = "\n".join(call.describe({"end": {"answered": False, "cause": "21", "text": "x"}, "refused": found,
                                     "legs": []}))  # fmt: skip
    for part in ("Refused: no_credit - the account or one above it has no credit", 'headroom "[0]" micro',
                 '(heard: "The credit on your account', "Remedy   top the account up"):  # fmt: skip
        assert part in shown


def test_carriers_that_all_failed_are_told_apart_from_no_route(layout):
    before = call_reasons.mark(layout)
    bridge_says(layout, endpoint="a1-101", decision="external", granted_s=120)
    asterisk_says(layout, "no_route")
    found = call_reasons.refusal(layout, before, "a1-101")
    assert found["tried"]
    assert call_reasons.in_words(found, words_of("no_route")._asdict())["why"] == "every carrier that was tried failed"


def test_a_call_that_was_let_through_has_no_refusal_and_a_silent_bridge_is_one(layout):
    before = call_reasons.mark(layout)
    assert call_reasons.refusal(layout, before, "a1-101") is None
    bridge_says(layout, endpoint="a1-101", decision="internal")
    assert call_reasons.refusal(layout, before, "a1-101") is None
    asterisk_says(layout, "unavailable")
    assert call_reasons.refusal(layout, before, "a1-101")["reason"] == "unavailable"


def test_logs_that_were_emptied_meanwhile_are_read_from_their_start(layout):
    asterisk_says(layout, "no_rate")
    asterisk_says(layout, "no_rate")
    before = call_reasons.mark(layout)
    (layout.node_dir("a") / "log" / "messages.log").write_text("")
    asterisk_says(layout, "suspended")
    assert call_reasons.refusal(layout, before, "a1-101")["reason"] == "suspended"


def test_a_failed_attempt_shows_its_cause():
    leg = {"attempt": 1, "carrier": "Atlantic", "trunk": "main", "direction": "outbound", "dialled": "0207",
           "e164": "442079460503", "disposition": "failed", "hangup_cause": 34, "charges": []}  # fmt: skip
    shown = "\n".join(call.describe({"end": {"answered": False, "cause": "34", "text": "x"}, "legs": [leg]}))
    assert "failed (cause 34 no circuit available)" in shown
    assert call_reasons.cause_text(99) == "other" and call_reasons.cause_text(None) == "no cause given"
