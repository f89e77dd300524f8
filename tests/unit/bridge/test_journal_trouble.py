"""A journal that cannot be trusted: no room on its volume, half lines before whole ones, lines to read again."""

import asyncio
import os
from datetime import timedelta

import pytest

from telecom_switch_bridge.config import RoomSettings
from telecom_switch_bridge.errors import JournalFull
from telecom_switch_bridge.journal import importer as importing
from telecom_switch_bridge.journal.importer import JournalImporter, read_line
from telecom_switch_bridge.journal.parse import split_broken
from telecom_switch_bridge.journal.room import JournalRoom
from telecom_switch_bridge.journal.tail import CHUNK_BYTES
from telecom_switch_bridge.ledger_ports import AgainLine
from telecom_switch_bridge.observe.log import Log
from telecom_switch_bridge.ports import Allowed, Reason, Reservation
from telecom_switch_bridge.services.authorise_call import authorise_call
from telecom_switch_bridge.services.hold_back import HoldBack
from telecom_switch_bridge.services.read_again import ReadAgain

from .fakes import FakeReservations
from .journal_world import ANSWERED, LEG, REF, World, gross
from .test_journal import ANSWER, HANGUP, Service, importer, numbered
from .world import ACME, NORTHWIND, NOW, RESELLER, demo, request

# Half lines


@pytest.mark.parametrize("length", [1, 9, 10, 60, 150, len(ANSWER) - 1, len(ANSWER)])
def test_a_whole_record_behind_a_broken_one_is_found(length):
    assert split_broken(ANSWER[:length] + HANGUP) == (ANSWER[:length], HANGUP)


@pytest.mark.parametrize("text", ["", "garbage", ANSWER[:60], HANGUP[:-4], ANSWER[:60] + HANGUP[:-4], "\x00" * 20])
def test_where_no_whole_record_follows_all_of_it_is_broken(text):
    assert split_broken(text) is None


def test_a_caller_cannot_write_a_record_into_a_field():
    """Every quote of a field is doubled: what looks like a record inside of one is none."""
    forged = HANGUP.replace('"', '""')
    line = ANSWER.replace("PJSIP/trunk-1-00000001", f"x{forged}")[:-4]
    assert split_broken(line) is None


async def test_the_broken_part_is_put_aside_and_the_record_behind_it_is_taken(tmp_path):
    world, path = World(), tmp_path / "legs.csv"
    await world.authorise()
    path.write_text(ANSWER + "\n" + ANSWER[:77] + HANGUP + "\n")
    importer = JournalImporter(path, world.service, catalogue=demo, log=Log("test"))
    importer.resume(None)
    await importer.import_once()
    (aside,) = world.ledger.aside
    assert (aside.line, aside.offset) == (ANSWER[:77], len(ANSWER) + 1)
    assert "fields where 13 belong" in aside.reason or "separated" in aside.reason
    assert world.ledger.position.offset == path.stat().st_size


async def test_two_whole_records_on_one_line_are_both_taken(tmp_path):
    world, path = World(), tmp_path / "legs.csv"
    await world.authorise()
    path.write_text(line("ANSWER", ANSWERED) + HUNG_UP + "\n")
    importer = JournalImporter(path, world.service, catalogue=demo, log=Log("test"))
    importer.resume(None)
    await importer.import_once()
    assert world.ledger.aside == [] and world.record["answered_s"] == 75


# Room


def room(tmp_path, monkeypatch, free, *, files=0, free_files=0):
    volume = os.statvfs_result((4096, 4096, 100, 50, free // 4096, files, free_files, free_files, 0, 255))
    monkeypatch.setattr(os, "statvfs", lambda _: volume)
    return JournalRoom(tmp_path / "legs.csv", RoomSettings(low_bytes=8192, stop_bytes=4096))


@pytest.mark.parametrize(
    ("free", "files", "state"),
    [(12288, 0, "ok"), (8192, 0, "ok"), (4096, 0, "low"), (0, 0, "full"), (12288, 1, "low"), (12288, -1, "full")],
)
def test_the_state_of_the_volume_follows_its_blocks_and_inodes(tmp_path, monkeypatch, free, files, state):
    counted = {"files": 100, "free_files": max(files, 0)} if files else {}
    one = room(tmp_path, monkeypatch, free, **counted)
    assert one.look() is True and one.state == state
    assert one.look() is False
    assert (one.is_full, one.may_lose_lines) == (state == "full", state in ("full", "low"))


def test_a_folder_that_is_not_there_is_unknown_and_stops_nothing(tmp_path):
    one = JournalRoom(tmp_path / "away" / "legs.csv", RoomSettings())
    one.look()
    assert one.state == "unknown" and not one.is_full


@pytest.mark.parametrize(("dialled", "passes"), [("02079460000", False), ("102", True), ("999", True)])
async def test_while_it_is_full_only_what_costs_money_is_held_back(dialled, passes):
    reservations = FakeReservations({ACME: 10**9, RESELLER: 10**9})
    held = HoldBack(reservations, lambda: True)
    outcome = await authorise_call(request(dialled), catalogue=demo(), reservations=held, now=NOW, grant_s=120)
    assert isinstance(outcome, Allowed) is passes
    if not passes:
        assert outcome.reason is Reason.UNAVAILABLE and "volume" in outcome.detail
        assert reservations.held == {}


async def test_a_call_that_runs_is_extended_though_it_is_full():
    full = False
    held = HoldBack(FakeReservations({ACME: 10**9, RESELLER: 10**9}), lambda: full)
    allowed = await authorise_call(request(), catalogue=demo(), reservations=held, now=NOW, grant_s=120)
    full = True
    assert (await held.extend(allowed.call_ref, (1000, 1000), 240)).outcome == "extended"
    with pytest.raises(JournalFull):
        await held.reserve(Reservation("a-1.1-1", "a-1.1", (ACME,), (1000,), 120, {}))


# Read again


class Again(World):
    def __init__(self):
        super().__init__()
        self.reader = ReadAgain(ledger=self.ledger, journal=self.service, read=read_line, log=Log("test"))

    async def ask(self, line):
        self.ledger.again = [AgainLine(len(self.ledger.answers) + 1, "f", 100, line, 2)]
        await self.reader.run_once(self.catalogue)
        return self.ledger.answers[len(self.ledger.answers)]


def line(kind, at, extra=""):
    return (
        f'"{kind}","{at.timestamp():.6f}","{LEG}","a-1795473518.0","PJSIP/x","{REF}/1","1","s","","from-trunk",'
        f'"AppDial","","{extra}"'
    )


HUNG_UP = line("HANGUP", ANSWERED + timedelta(seconds=75), '{""hangupcause"":16}')


async def test_a_line_read_again_is_charged_once_and_resolved():
    world = Again()
    await world.authorise()
    assert await world.ask(line("ANSWER", ANSWERED)) == (True, "read again")
    assert world.ledger.legs[LEG].answered_at == ANSWERED
    assert await world.ask(HUNG_UP) == (True, "read again")
    assert gross(world.record)[0] == (ACME, NORTHWIND, 43_800)
    assert await world.ask(HUNG_UP) == (True, "read again")
    assert len(world.ledger.records) == 1 and world.ledger.legs == {}


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("HANGUP,1", "2 fields where 13 belong"),
        (HUNG_UP.replace("HANGUP", "BRIDGE_ENTER"), "the line is no event of a leg"),
        (HUNG_UP.replace("hangupcause", "cause"), "extra"),
    ],
)
async def test_a_line_that_cannot_be_read_gets_its_answer_and_stays_open(text, answer):
    world = Again()
    await world.authorise()
    resolved, said = await world.ask(text)
    assert not resolved and answer in said and world.ledger.records == {}


async def test_a_line_that_the_ledger_refuses_gets_its_answer():
    world = Again()
    await world.authorise()
    await world.ask(line("ANSWER", ANSWERED))
    world.ledger.refuses = {LEG}
    resolved, said = await world.ask(HUNG_UP)
    assert not resolved and "refused by a constraint" in said and LEG in world.ledger.legs


async def test_who_is_behind_reads_on_without_a_pause(tmp_path, monkeypatch):
    """Calls must not end faster than they are charged while the bridge waits for more lines."""
    monkeypatch.setattr(importing, "GATHER_S", 60)
    lines = [numbered(number) for number in range(1, 3 * CHUNK_BYTES // len(numbered(1)))]
    path, service = tmp_path / "legs.csv", Service()
    path.write_text("".join(f"{line}\n" for line in lines))
    running = asyncio.create_task(importer(path, service).run())
    try:
        async with asyncio.timeout(5):
            while len(service.taken) < len(lines):
                await asyncio.sleep(0.01)
    finally:
        running.cancel()
