"""Rotation of the leg journal: nothing lost, nothing twice, whatever is written or killed meanwhile."""

import asyncio
import os
import threading
import time
from datetime import UTC, datetime, timedelta

import pytest

from telecom_switch_bridge.config import RotationSettings
from telecom_switch_bridge.journal.files import in_order, rename_away, stamp_of
from telecom_switch_bridge.journal.importer import JournalImporter
from telecom_switch_bridge.journal.tail import CHUNK_BYTES, JournalTail
from telecom_switch_bridge.ledger_ports import JournalPosition
from telecom_switch_bridge.observe.log import Log

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
ALWAYS = RotationSettings(rotate_bytes=1, keep_days=1)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "legs.csv"


class Ledger:
    """Keeps what is committed: the positions, and the unique ids of the lines."""

    def __init__(self):
        self.lines, self.position = [], None

    async def take(self, batch, _catalogue):
        self.lines += [event.uniqueid for event in batch.events]
        self.position = batch.position


def importer(path, ledger, rotation):
    return JournalImporter(path, ledger, catalogue=lambda: None, log=Log("test"), rotation=rotation)


def line(number):
    return f'"ANSWER","1795473518.28","a-1.{number}","a-1.0","PJSIP/x","a-1.0-1/1","1","","s","","","",""\n'


def append(path, number, pause_s=0.0):
    """As Asterisk does: open, write one record, close; `pause_s` is the time between opening and writing."""
    with path.open("a") as file:
        time.sleep(pause_s)
        file.write(line(number))


def read_all(tail):
    """Texts of all lines there are, each advanced over."""
    texts = []
    while chunk := tail.read():
        if not chunk.lines:
            return texts
        texts += [one.text for one in chunk.lines]
        tail.advance(chunk.position.offset)
    return texts


async def test_no_line_is_lost_or_read_twice_while_a_writer_goes_on(path):
    ledger = Ledger()
    one = importer(path, ledger, RotationSettings(rotate_bytes=300))
    writer = threading.Thread(target=lambda: [append(path, n, pause_s=0.0005) for n in range(400)])
    writer.start()
    while writer.is_alive():
        await one.import_once()
        await asyncio.sleep(0)
    for _ in range(50):  # each file takes a look of its own
        await one.import_once()
    assert ledger.lines == [f"a-1.{n}" for n in range(400)]
    assert len(in_order(path)) > 20


def test_a_record_written_into_the_file_while_it_is_renamed_is_read_first(path):
    append(path, 1)
    tail = JournalTail(path)
    read_all(tail)
    with path.open("a") as late:
        renamed = tail.rotate(1, NOON)
        assert renamed.name == "legs-20261123T120000000000Z.csv" and read_all(tail) == []
        late.write(line(2))
    append(path, 3)
    assert read_all(tail) == [line(2).strip(), line(3).strip()]


def test_only_a_long_file_that_is_read_to_its_end_is_renamed(path):
    tail = JournalTail(path)
    assert tail.rotate(1, NOON) is None
    path.write_text(line(1) * (CHUNK_BYTES // len(line(1)) + 10))
    tail.read()
    assert tail.rotate(1, NOON) is None  # a long rest is not read yet
    read_all(tail)
    assert tail.rotate(10_000_000, NOON) is None
    assert tail.rotate(1, NOON) is not None and tail.rotate(1, NOON) is None
    assert not path.exists()


def test_what_came_just_before_the_rename_is_read_after_it(path):
    append(path, 1)
    tail = JournalTail(path)
    chunk = tail.read()
    append(path, 2)
    assert tail.rotate(1, NOON) is not None  # read, not committed, and one more line came
    append(path, 3)
    assert [one.text for one in chunk.lines] == [line(1).strip()]
    assert read_all(tail) == [line(number).strip() for number in (1, 2, 3)]


async def test_a_journal_that_never_rests_is_caught_up_with_and_renamed(path):
    ledger, number = Ledger(), iter(range(10_000))
    one = importer(path, ledger, ALWAYS)
    take = ledger.take

    async def take_while_more_comes(batch, catalogue):
        await take(batch, catalogue)
        append(path, next(number))
        await asyncio.sleep(0)

    ledger.take = take_while_more_comes
    append(path, next(number))
    running = asyncio.create_task(one.run())
    assert await one.caught_up(timeout_s=3)
    one.stop()
    await running
    append(path, next(number))
    assert ledger.lines and len(in_order(path)) > 1
    while await one.import_once():
        ledger.take = take
    assert ledger.lines == [f"a-1.{count}" for count in range(next(number))]


async def test_what_was_never_read_is_read_from_the_oldest_file_on(path):
    append(path, 1)
    path.rename(path.with_name("legs.csv.1"))
    append(path, 2)
    ledger = Ledger()
    one = importer(path, ledger, RotationSettings())
    one.resume(None)
    while await one.import_once():
        pass
    assert ledger.lines == ["a-1.1", "a-1.2"]


@pytest.mark.parametrize("killed", ["before the rename", "after the rename", "new file begun", "read, not committed"])
async def test_a_kill_at_any_step_loses_nothing_and_repeats_nothing(path, killed):
    ledger = Ledger()
    first = importer(path, ledger, RotationSettings(rotate_bytes=10_000))
    append(path, 1)
    await first.import_once()
    if killed != "before the rename":
        rename_away(path, NOON)
    if killed in {"new file begun", "read, not committed"}:
        append(path, 2)
    if killed == "read, not committed":
        tail = JournalTail(path)
        tail.resume(ledger.position)
        assert len(tail.read().lines) == 1
    second = importer(path, ledger, RotationSettings(rotate_bytes=10_000))
    second.resume(ledger.position)
    if killed in {"before the rename", "after the rename"}:
        append(path, 2)
    append(path, 3)
    while await second.import_once():
        pass
    assert ledger.lines == ["a-1.1", "a-1.2", "a-1.3"]


def test_names_grow_when_the_clock_goes_back(path):
    names = []
    for number, hour in enumerate((12, 9, 9)):
        append(path, number)
        names.append(rename_away(path, NOON.replace(hour=hour)).name)
    append(path, 3)
    os.utime(path, (1, 1))
    assert names == sorted(set(names))
    tail = JournalTail(path)
    assert not tail.resume(JournalPosition("1-gone", 5))
    assert read_all(tail) == [line(n).strip() for n in range(4)]


async def test_old_files_are_deleted_but_none_that_is_not_read(path):
    now = datetime.now(UTC)
    for number, days in enumerate((5, 4, 3)):
        append(path, number)
        rename_away(path, now - timedelta(days=days))
    append(path, 3)
    files = in_order(path)
    ledger = Ledger()
    with files[1].open("rb") as second:
        tail = JournalTail(path)
        tail.resume(JournalPosition("1-gone", 0))  # the oldest is read first
        position = [read.position for read in _chunks(tail)][1]
        assert os.fstat(second.fileno()).st_ino == int(position.file_id.partition("-")[0])
    one = importer(path, ledger, RotationSettings(rotate_bytes=10_000, keep_days=1))
    one.resume(position)
    assert one._tail.delete_before(now) == files[:1]
    while await one.import_once():
        pass
    assert ledger.lines == ["a-1.2", "a-1.3"] and in_order(path) == [path]


def _chunks(tail):
    while (chunk := tail.read()) and chunk.lines:
        tail.advance(chunk.position.offset)
        yield chunk


async def test_a_folder_that_cannot_be_written_stops_no_import(path, monkeypatch):
    ledger = Ledger()
    one = importer(path, ledger, ALWAYS)
    monkeypatch.setattr("telecom_switch_bridge.journal.files.rename_away", _refuse)
    append(path, 1)
    while await one.import_once():
        pass
    append(path, 2)
    while await one.import_once():
        pass
    assert ledger.lines == ["a-1.1", "a-1.2"] and in_order(path) == [path]


def _refuse(*_arguments):
    raise PermissionError(13, "no")


def test_only_our_own_names_have_a_stamp(path):
    assert stamp_of(path.with_name("legs-20261123T120000000000Z.csv")) == NOON
    for name in ("legs.csv", "legs-old.csv", "legs-20269923T120000000000Z.csv", "legs.csv.1"):
        assert stamp_of(path.with_name(name)) is None
