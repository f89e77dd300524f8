"""The leg journal: lines whole or set aside, files renamed or cut, a position that survives everything."""

import asyncio
import os
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telecom_switch_bridge.errors import DatabaseAbsent, PeerMisbehaves
from telecom_switch_bridge.journal.importer import JournalImporter
from telecom_switch_bridge.journal.parse import _read_values, _values, parse_line
from telecom_switch_bridge.journal.tail import JournalTail
from telecom_switch_bridge.ledger_ports import JournalPosition
from telecom_switch_bridge.observe.log import Log

ANSWER = (
    '"ANSWER","1795473518.287598","a-1795473518.1","a-1795473518.0","PJSIP/trunk-1-00000001",'
    '"a-1795473518.0-1/1","1","s","s","from-trunk","AppDial","",""'
)
HANGUP = (
    '"HANGUP","1795473520.290695","a-1795473518.1","a-1795473518.0","PJSIP/trunk-1-00000001",'
    '"a-1795473518.0-1/1","1","s","","from-trunk","AppDial","",'
    '"{""hangupcause"":16,""hangupsource"":""PJSIP/a1-101-00000000"",""dialstatus"":""""}"'
)


def test_a_line_is_read_to_the_microsecond():
    answer = parse_line(ANSWER)
    assert answer.at == datetime(2026, 11, 23, 22, 38, 38, 287598, tzinfo=UTC)
    assert (answer.kind, answer.uniqueid, answer.userfield) == ("ANSWER", "a-1795473518.1", "a-1795473518.0-1/1")
    assert answer.hangup_cause is None and parse_line(HANGUP).hangup_cause == 16


def test_a_quote_in_a_name_is_part_of_the_name():
    assert parse_line(ANSWER.replace("PJSIP/trunk-1-00000001", 'x""y,z')).channel == 'x"y,z'


def test_events_of_no_concern_are_passed_over():
    assert parse_line(ANSWER.replace("ANSWER", "BRIDGE_ENTER")) is None
    assert parse_line(ANSWER.replace("a-1795473518.0-1/1", "")) is None  # a caller's own channel
    assert parse_line(HANGUP.replace("a-1795473518.0-1/1", "")).kind == "HANGUP"  # an open leg's, perhaps


@pytest.mark.parametrize(
    "text",
    [
        "",
        "garbage",
        ANSWER[:60],  # cut within a field
        ANSWER[: ANSWER.index(',"s"')],  # cut between two fields
        ANSWER[:60] + HANGUP,  # half a line, then a whole one
        HANGUP + HANGUP,
        ANSWER.replace("1795473518.287598", "yesterday"),
        ANSWER.replace("1795473518.287598", "1795473518.28x598"),
        ANSWER.replace('"a-1795473518.1"', '""'),
        ANSWER.replace("PJSIP/trunk-1-00000001", "x" * 301),
        HANGUP.replace("hangupcause", "cause"),
        HANGUP.replace('{""', ""),
        "\x00" * 20,
    ],
)
def test_what_is_not_a_whole_line_is_refused(text):
    with pytest.raises(PeerMisbehaves):
        parse_line(text)


# The file


@pytest.fixture
def path(tmp_path):
    return tmp_path / "legs.csv"


def texts(chunk):
    return [line.text for line in chunk.lines]


def test_lines_are_read_as_they_come_and_again_until_advanced(path):
    tail = JournalTail(path)
    assert tail.read() is None
    path.write_text("one\ntwo\n")
    first = tail.read()
    assert texts(first) == ["one", "two"] == texts(tail.read())
    tail.advance(first.position.offset)
    assert tail.read().lines == () and tail.read().at_end


def test_half_a_line_waits_for_its_end(path):
    tail = JournalTail(path)
    path.write_text("one\ntw")
    chunk = tail.read()
    assert texts(chunk) == ["one"]
    tail.advance(chunk.position.offset)
    assert tail.read().lines == () and tail.lag_bytes() == 2
    with path.open("a") as file:
        file.write("o\n")
    assert texts(tail.read()) == ["two"]


def test_a_renamed_file_is_read_to_its_end_before_the_new_one(path):
    tail = JournalTail(path)
    path.write_text("one\n")
    tail.advance(tail.read().position.offset)
    with path.open("a") as file:
        file.write("two\nhal")
    path.rename(path.with_name("legs.csv.1"))
    os.utime(path.with_name("legs.csv.1"), ns=(1, path.with_name("legs.csv.1").stat().st_mtime_ns))
    path.write_text("three\n")
    seen = []
    for _ in range(4):
        chunk = tail.read()
        seen += [(line.text, line.cut) for line in chunk.lines]
        if chunk.lines:
            tail.advance(chunk.position.offset)
    assert seen == [("two", False), ("hal", True), ("three", False)]


def test_a_line_without_end_does_not_fill_the_memory(path):
    tail = JournalTail(path)
    path.write_text("x" * 200_000 + "\nnext\n")
    cut = tail.read()
    assert cut.lines[0].cut and len(cut.lines[0].text) == 131_072
    tail.advance(cut.position.offset)
    assert texts(tail.read())[-1] == "next"


def test_a_position_is_found_again_after_a_restart_also_in_a_renamed_file(path):
    path.write_text("one\ntwo\nthree\n")
    first = JournalTail(path)
    chunk = first.read()
    position = JournalPosition(chunk.file_id, chunk.lines[0].next_offset)
    second = JournalTail(path)
    assert second.resume(position) and texts(second.read()) == ["two", "three"]
    path.rename(path.with_name("legs.csv.1"))
    path.write_text("four\n")
    third = JournalTail(path)
    assert third.resume(position) and texts(third.read()) == ["two", "three"]
    third.advance(third.read().position.offset)
    assert texts(third.read()) == ["four"]


def test_a_position_in_a_file_that_is_gone_starts_over_with_what_is_there(path):
    path.write_text("other\n")
    tail = JournalTail(path)
    assert not tail.resume(JournalPosition("1-unknown", 500))
    assert texts(tail.read()) == ["other"]


def test_a_file_emptied_in_place_is_read_from_its_start(path):
    path.write_text("one\ntwo\n")
    tail = JournalTail(path)
    tail.advance(tail.read().position.offset)
    path.write_text("new\n")
    assert texts(tail.read()) == ["new"]


# The import


class Service:
    """Records what it is given; `refuses` names lines that the ledger does not take."""

    def __init__(self, refuses=()):
        self.taken, self.put, self.aside, self.refuses, self.away = [], [], [], set(refuses), False

    async def take(self, batch, _catalogue):
        if self.away:
            raise DatabaseAbsent("away")
        if any(event.uniqueid in self.refuses for event in batch.events):
            raise ValueError("constraint")
        self.taken += [event.uniqueid for event in batch.events]
        self.aside += batch.unreadable

    async def put_by(self, batch, reason):
        self.put += [(event.uniqueid, reason) for event in batch.events]


def importer(path, service):
    return JournalImporter(path, service, catalogue=lambda: None, log=Log("test"))


def numbered(number):
    return ANSWER.replace("a-1795473518.1", f"a-1795473518.{number}")


async def test_a_cut_line_between_two_whole_ones_is_set_aside_alone(path):
    path.write_text(f"{numbered(1)}\n{numbered(2)[:70]}\n{numbered(3)}\n")
    service = Service()
    one = importer(path, service)
    assert await one.import_once() and not await one.import_once()
    assert service.taken == ["a-1795473518.1", "a-1795473518.3"]
    assert [aside.offset for aside in service.aside] == [len(numbered(1)) + 1]


async def test_a_line_that_the_ledger_refuses_does_not_stop_the_others(path):
    path.write_text("".join(f"{numbered(n)}\n" for n in range(1, 5)))
    service = Service(refuses={"a-1795473518.3"})
    await importer(path, service).import_once()
    assert service.taken == ["a-1795473518.1", "a-1795473518.2", "a-1795473518.4"]
    assert service.put == [("a-1795473518.3", "refused by the ledger: constraint")]


async def test_nothing_is_skipped_while_the_database_is_away(path):
    path.write_text(f"{numbered(1)}\n")
    service = Service()
    service.away = True
    one = importer(path, service)
    with pytest.raises(DatabaseAbsent):
        await one.import_once()
    service.away = False
    await one.import_once()
    assert service.taken == ["a-1795473518.1"]


async def test_caught_up_means_that_the_end_was_seen_after_asking(path):
    path.write_text(f"{numbered(1)}\n")
    service = Service()
    one = importer(path, service)
    running = asyncio.create_task(one.run())
    assert await one.caught_up(timeout_s=3)
    assert service.taken == ["a-1795473518.1"]
    one.stop()
    await asyncio.wait_for(running, 3)
    assert not await one.caught_up(timeout_s=0.2)


FIELD_TEXTS = st.text(st.sampled_from('a,"\r \x00{}:é'), max_size=6)


@given(st.lists(FIELD_TEXTS, min_size=12, max_size=14), st.booleans(), st.data())
def test_the_quick_way_reads_a_line_as_any_reader_of_separated_values_does(fields, is_plain, data):
    """Also of lines that are damaged: a character is taken away, or two that break the quotes are put in."""
    fields = [field.replace('"', "") for field in fields[:-1]] + fields[-1:] if is_plain else fields
    text = ",".join('"' + field.replace('"', '""') + '"' for field in fields)
    place = data.draw(st.integers(0, len(text)))
    for line in (text, text[:place] + text[place + 1 :], text[:place] + '",' + text[place:]):
        read = []
        for way in (_values, _read_values):
            try:
                read.append(way(line))
            except PeerMisbehaves as error:
                read.append(str(error))
        assert read[0] == read[1], line


@pytest.mark.parametrize(
    ("account", "pdd_ms"),
    [("7/1520", 1520), ("7", None), ("", None), ("7/", None), ("7/15x", None), ("7/1234567", None)],
)
def test_what_an_answered_leg_tells_of_its_ringing(account, pdd_ms):
    before, userfield, rest = HANGUP.partition('"a-1795473518.0-1/1"')
    assert userfield, "the line of this story has another form"
    _, comma, behind = rest.partition(",")
    line = f'{before}{userfield},"{account}"' + behind[behind.index(",") :]
    assert comma and parse_line(line).pdd_ms == pdd_ms
