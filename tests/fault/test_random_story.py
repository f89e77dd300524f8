"""Calls come and go while parts are killed, stopped, hung, told things twice, set to another time, by chance (X01).

What happens follows from a seed, which is printed: BSS_STORY_SEED=... ./bss test fault -k random tells it again as
far as the machine's own pace allows. The books are added up at the end, as after every story on a whole switch.
"""

import os
import random
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import psycopg
import pytest

from tests.support.own_cluster import OwnCluster
from tests.support.phone import Phone
from tests.support.proxy import Proxy
from tests.support.switch import Switch
from tests.support.until import until
from tests.support.wall_clock import WallClock

SEED = int(os.environ.get("BSS_STORY_SEED", "20261126"))
STORY_S = 45.0
PATIENCE_S = 130.0
"""What nobody works on is released after a minute, once two rounds of half a minute saw it (services/sweep.py)."""
EXTENSIONS = ("101", "102", "101")  # two telephones may have the same log-in
NUMBERS = ("02079460000", "02079460000", "02079460003", "02079460486", "02079460503", "02079460480")
LONGEST_TALK_S = 9.0  # longer than a grant (6 s): it has to be extended, or ends the call
CLOCKS_S = (-3600.0, 0.0, 3600.0)
"""The switch's clock may be so much before the machine's (s). If two were nearer than a call is long, a line that is
read late could belong to either (services/switch_clock.py)."""

CLOCK = "select (info #>> '{clock,epochs,-1,0}')::bigint as offset_us from telecom_switch_node where name = %s"

FAR_END_TAKES_S = 1.5
"""A dead node says no BYE: until the far end has ended its channels a carrier counts on (s)."""


@dataclass(frozen=True)
class Fault:
    """Something that goes wrong and is put right again; those of a lower rank are put right first."""

    name: str
    rank: int
    begin: Callable[[], None]
    end: Callable[[], None]


@dataclass
class Talk:
    """A call of a telephone that hangs up by itself at an instant of the machine's steady clock."""

    phone: Phone
    began: float
    until: float


class Story:
    """Calls and faults by chance; `happened` counts what there was."""

    def __init__(self, switch: Switch, cluster: OwnCluster, way: Proxy, clock: WallClock, seed: int) -> None:
        self.switch, self.cluster, self.way, self.clock = switch, cluster, way, clock
        self.chance = random.Random(seed)
        self.talks: dict[int, Talk] = {}
        self.happened: Counter[str] = Counter()
        self.ahead_s = 0.0

    def tell(self, seconds: float) -> None:
        """Let things happen for so long, then end every call; all parts run."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self._calls()
            self._faults()
            time.sleep(self.chance.uniform(0.2, 1.0))
        for place in list(self.talks):
            self._hang_up(place)

    def _calls(self) -> None:
        now = time.monotonic()
        for place, extension in enumerate(EXTENSIONS):
            talk = self.talks.get(place)
            if talk is not None and now >= talk.until:
                self._hang_up(place)
            elif talk is None and self.chance.random() < 0.8:
                phone = self.switch.phone(extension, expect=None)
                phone.dial(self.chance.choice(NUMBERS))
                self.talks[place] = Talk(phone, now, now + self.chance.uniform(0.5, LONGEST_TALK_S))
                self.happened["call"] += 1

    def _hang_up(self, place: int) -> None:
        phone = self.talks.pop(place).phone
        phone.hang_up()
        phone.close()
        self.switch.phones.remove(phone)

    def _faults(self) -> None:
        parts: dict[str, list[Fault]] = {}
        for fault in self._kinds():
            parts.setdefault(fault.name.partition(" ")[0], []).append(fault)
        some = self.chance.sample(sorted(parts), self.chance.choice((0, 1, 1, 2)))
        chosen = [self.chance.choice(parts[part]) for part in some]
        for fault in chosen:
            print(f"{fault.name}")
            self.happened[fault.name] += 1
            fault.begin()
            time.sleep(self.chance.uniform(0.0, 0.5))
        time.sleep(self.chance.uniform(0.1, 1.5) if chosen else 0)
        for fault in sorted(chosen, key=lambda fault: fault.rank):
            fault.end()

    def _kinds(self) -> Iterator[Fault]:
        bridge, cluster, way, node = self.switch.bridge, self.cluster, self.way, self.switch.node
        ahead_s = self.chance.choice(CLOCKS_S)
        yield Fault("server killed", 0, lambda: cluster.stop(signal.SIGKILL), cluster.start)
        yield Fault("server stopped", 0, cluster.stop, cluster.start)
        yield Fault("server hung", 0, cluster.freeze, cluster.thaw)
        yield Fault("way cut", 0, way.down, way.up)
        yield Fault("way hung", 0, way.freeze, way.thaw)
        yield Fault("asterisk killed", 1, self._kill_asterisk, node.start)
        yield Fault("bridge killed", 2, lambda: bridge.stop(signal.SIGKILL), bridge.start)
        yield Fault("bridge stopped", 2, bridge.stop, bridge.start)
        yield Fault("bridge hung", 2, lambda: bridge.send(signal.SIGSTOP), lambda: bridge.send(signal.SIGCONT))
        if self._clock_is_known():
            yield Fault("clock set", 3, lambda: self._set_clock(ahead_s), lambda: None)
        yield Fault("journal again", 3, self._tell_journal_again, lambda: None)

    def _set_clock(self, ahead_s: float) -> None:
        self.clock.set(ahead_s)
        self.ahead_s = ahead_s

    def _clock_is_known(self) -> bool:
        """Whether a bridge has seen and stored how the clock is set: what was never seen cannot be told afterwards."""
        real_s = time.clock_gettime(time.CLOCK_REALTIME) - time.clock_gettime(time.CLOCK_BOOTTIME)
        try:
            row = self.switch.one(CLOCK, self.switch.node.name)
        except psycopg.OperationalError:
            return False
        return abs(row["offset_us"] / 1e6 - real_s - self.ahead_s) < 1

    def _kill_asterisk(self) -> None:
        """Charging.md 13: what nobody can prove, nobody is charged; the carriers' own seconds may be so many more."""
        self.switch.node.stop(signal.SIGKILL)
        self.switch.far.command("channel request hangup all")
        now = time.monotonic()
        self.switch.books.allow(sum(now - talk.began + FAR_END_TAKES_S for talk in self.talks.values()))

    def _tell_journal_again(self) -> None:
        """The end of the journal comes once more, as a reader finds it whose position was not kept."""
        journal = self.switch.node.journal
        *lines, _ = journal.read_bytes().split(b"\n") if journal.exists() else [b""]
        with journal.open("ab") as file:
            file.write(b"".join(line + b"\n" for line in lines[-self.chance.randint(1, 30) :]))


@pytest.fixture
def story(switch: Switch, cluster: OwnCluster, way: Proxy, clock: WallClock) -> Iterator[Story]:
    """A story that has not begun; afterwards every part runs, whatever became of it."""
    yield Story(switch, cluster, way, clock, SEED)
    way.thaw()
    cluster.thaw() if cluster.runs else cluster.start()
    if not until_healthy(switch):
        switch.bridge.stop(signal.SIGKILL)
        switch.bridge.start()


def until_healthy(switch: Switch) -> bool:
    """Whether the bridge gets well by itself."""
    try:
        return bool(until(switch.bridge.healthy, seconds=30))
    except AssertionError:
        return False


def test_whatever_happens_to_the_parts_every_second_is_charged_once(switch, story):
    point = switch.last_record()
    print(f"BSS_STORY_SEED={SEED}")
    story.tell(STORY_S)
    print(dict(story.happened))
    until(switch.bridge.healthy, seconds=PATIENCE_S, reason="the bridge to be healthy again")
    until(
        lambda: not switch.reservations() and not switch.all("select from telecom_leg_open"),
        seconds=PATIENCE_S,
        reason=lambda: f"every leg to end: {switch.reservations()}; bridge: {switch.bridge.log()[-3000:]}",
    )
    charged = switch.all("select distinct record_id from telecom_call_charge where record_id > %s", point)
    assert story.happened["call"] > 10 and charged, story.happened
    assert sum(count for name, count in story.happened.items() if name != "call") > 10, story.happened
