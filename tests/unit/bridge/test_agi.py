"""The FastAGI door: answers in one command, bounded in time and size, whatever the other side sends."""

import asyncio
import time
from time import monotonic

import pytest
import uvloop

from telecom_switch_bridge import dialplan_names as names
from telecom_switch_bridge.agi import server as agi_server
from telecom_switch_bridge.agi.answer import variables_of
from telecom_switch_bridge.agi.handlers.decide import Decide
from telecom_switch_bridge.agi.protocol import mset_command
from telecom_switch_bridge.agi.server import AgiServer
from telecom_switch_bridge.observe.log import Log
from telecom_switch_bridge.observe.metrics import Metrics
from telecom_switch_bridge.ports import Reason, Refused
from telecom_switch_bridge.services.authorise_call import authorise_call

from .fakes import FakeReservations
from .world import ACME, RESELLER, demo

HEADER = (
    "agi_network: yes\nagi_network_script: authorise_call\nagi_channel: PJSIP/a10-101-00000000\n"
    "agi_uniqueid: a-1795473518.0\nagi_arg_1: a10-101|{dialled}|{sequence}|\n\n"
)


class Door:
    """A served bridge and what its clients see."""

    def __init__(self, server, metrics, reservations):
        self.server, self.metrics, self.reservations = server, metrics, reservations

    async def send(self, raw, reply=b"200 result=0\n"):
        """Everything that comes back after sending `raw`."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.server.port)
        try:
            writer.write(raw)
            line = await asyncio.wait_for(reader.readline(), 5)
            if line and reply:
                writer.write(reply)
                assert await asyncio.wait_for(reader.read(), 5) == b""
            return line.decode()
        finally:
            writer.close()

    async def ask(self, dialled="02079460000", sequence="1"):
        return await self.send(HEADER.format(dialled=dialled, sequence=sequence).encode())


@pytest.fixture
async def door(monkeypatch):
    monkeypatch.setattr(agi_server, "DEADLINE_S", 0.4)
    opened = await open_door()
    yield opened
    await opened.server.stop(0)


async def open_door():
    metrics = Metrics()
    reservations = FakeReservations({ACME: 20_000_000, RESELLER: 500_000_000})
    catalogue = demo()
    decide = Decide(
        authorise_call, catalogue=lambda: catalogue, reservations=reservations, grant_s=120, log=Log("test"),
        metrics=metrics, tell_again=lambda leg_uniqueid, at: None,
    )  # fmt: skip
    server = AgiServer({"authorise_call": decide}, log=Log("test"), metrics=metrics)
    await server.start("127.0.0.1", 0)
    return Door(server, metrics, reservations)


async def test_the_answer_is_one_command_with_everything(door):
    assert await door.ask() == (
        'EXEC MSet "BSS_DECISION=external,BSS_CALL_REF=a-1795473518.0-1,BSS_GRANT_S=119.75,BSS_RING_S=60,'
        "BSS_CLI=442079460999,BSS_ROUTES=2,BSS_DIAL_1=PJSIP/442079460000@trunk-1,BSS_CARRIER_1=7,BSS_CLI_1=,BSS_GIVE_UP_1=4,"
        'BSS_DIAL_2=PJSIP/0077442079460000@trunk-2,BSS_CARRIER_2=8,BSS_CLI_2=,BSS_GIVE_UP_2=,TIMEOUT(absolute)=0"\n'
    )


async def test_a_refusal_says_its_reason(door):
    assert await door.ask("*99") == 'EXEC MSet "BSS_DECISION=refused,BSS_REASON=bad_number,TIMEOUT(absolute)=0"\n'
    assert 'bss_calls_refused_total{question="authorise_call",reason="bad_number"} 1' in door.metrics.render()


@pytest.mark.parametrize("stall", [b"", b"agi_network: yes\n", HEADER.format(dialled="1", sequence="1").encode()[:-1]])
async def test_a_client_that_stalls_is_dropped_in_time_and_the_others_are_served(door, stall, caplog):
    began = monotonic()
    stalled = asyncio.create_task(door.send(stall))
    assert (await door.ask()).startswith("EXEC MSet")
    assert await stalled == "" and 0.3 < monotonic() - began < 2
    assert door.metrics.value("bss_agi_dropped_total") == 1
    assert [record.message for record in caplog.records if "agi_client_dropped" in record.message] != []


async def test_a_client_that_does_not_reply_is_dropped(door):
    reader, writer = await asyncio.open_connection("127.0.0.1", door.server.port)
    writer.write(HEADER.format(dialled="02079460000", sequence="1").encode())
    assert (await reader.readline()).startswith(b"EXEC")
    assert await asyncio.wait_for(reader.read(), 3) == b""
    writer.close()


@pytest.mark.parametrize(
    "garbage",
    [
        b"GET / HTTP/1.1\nHost: x\n\n",
        b"\x00\xff" * 400 + b"\n\n",
        b"a: b\n" * 10_000 + b"\n",
        b"x" * 40_000,
        HEADER.format(dialled="1", sequence="one").encode(),
        HEADER.format(dialled="1", sequence="\u0661").encode(),
        HEADER.format(dialled="1", sequence="99999").encode(),
        HEADER.replace("authorise_call", "shutdown").format(dialled="1", sequence="1").encode(),
        HEADER.replace("agi_arg_1", "agi_arg_7").format(dialled="1", sequence="1").encode(),
        HEADER.replace("{sequence}|", "{sequence}|||||").format(dialled="1", sequence="1").encode(),
    ],
)
async def test_garbage_gets_no_answer_and_changes_nothing(door, garbage):
    assert await door.send(garbage) == ""
    assert door.metrics.value("bss_agi_dropped_total") == 1
    assert door.reservations.asked == []
    assert (await door.ask()).startswith("EXEC MSet")


@pytest.mark.parametrize("run", [asyncio.run, uvloop.run])
@pytest.mark.parametrize(("sent_behind", "closes"), [(b"", True), (b"HANGUP\n", False), (b"HANGUP\n", True)])
def test_nothing_is_set_aside_for_a_caller_who_hung_up_before_the_question_was_read(run, sent_behind, closes):
    async def story():
        door = await open_door()
        reader, writer = await asyncio.open_connection("127.0.0.1", door.server.port)
        time.sleep(0.05)  # the bridge is held up, too
        writer.write(HEADER.format(dialled="02079460000", sequence="1").encode() + sent_behind)
        if closes:
            writer.write_eof()
        assert await asyncio.wait_for(reader.read(), 5) == b""
        writer.close()
        assert door.reservations.asked == [] and door.metrics.value("bss_agi_dropped_total") == 1
        await door.server.stop(0)

    run(story())


async def test_a_notice_of_hangup_before_the_reply_is_passed_over(door):
    assert await door.send(HEADER.format(dialled="*99", sequence="1").encode(), b"HANGUP\n200 result=0\n")
    assert door.metrics.value("bss_agi_dropped_total") == 0


async def test_a_client_that_talks_instead_of_waiting_is_dropped(door, monkeypatch):
    waiting = asyncio.Event()

    async def waits(*_):
        waiting.set()
        await asyncio.sleep(5)

    monkeypatch.setattr(door.reservations, "reserve", waits)
    reader, writer = await asyncio.open_connection("127.0.0.1", door.server.port)
    writer.write(HEADER.format(dialled="02079460000", sequence="1").encode())
    await asyncio.wait_for(waiting.wait(), 2)
    writer.write(b"x" * 20_000)
    assert await asyncio.wait_for(reader.read(), 0.3) == b""  # at once, not at its deadline
    writer.close()


async def test_a_fault_of_ours_is_no_answer_and_ends_no_other_call(door, monkeypatch):
    async def fails(*_):
        raise ZeroDivisionError

    monkeypatch.setattr(door.reservations, "reserve", fails)
    assert await door.ask() == ""
    assert door.metrics.value("bss_agi_failed_total") == 1
    monkeypatch.undo()
    assert (await door.ask()).startswith("EXEC MSet")


async def test_a_bridge_without_catalogue_stays_silent():
    decide = Decide(
        authorise_call, catalogue=lambda: None, reservations=FakeReservations({}), grant_s=120, log=Log("test"),
        metrics=Metrics(), tell_again=lambda leg_uniqueid, at: None,
    )  # fmt: skip
    server = AgiServer({"authorise_call": decide}, log=Log("test"), metrics=Metrics())
    await server.start("127.0.0.1", 0)
    assert await Door(server, None, None).ask() == ""
    await server.stop(0)


@pytest.mark.parametrize("value", ['a"b', "a,b", "a b", "${X}", "a\nb", "a&b", "a|b", "é"])
def test_no_variable_can_carry_what_the_dialplan_would_read_as_more(value):
    with pytest.raises(AssertionError):
        mset_command({"BSS_CLI": value})


def test_reasons_and_variables_are_those_that_the_dialplan_knows():
    assert {reason.value for reason in Reason} <= names.REASONS
    assert set(variables_of(Refused(Reason.NO_RATE))) <= names.ANSWER_VARIABLES
