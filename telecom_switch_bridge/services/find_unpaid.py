"""Living channels that the journal tells nothing of, or that nobody pays for any more: the sweeper's other half.

- A leg that was answered, whose ANSWER never reached the journal (its volume was full, the line was broken): it is
  opened here, from the first instant at which it was seen to be up, and settles like any other.
- A leg with an authorisation that is gone: nobody pays for it, it is ended.
- A leg that lives beyond its grant: Asterisk's limit has failed, it is ended.

Each needs two rounds, and the journal read to its end in between.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from ..ledger_ports import CallChannel, Finding, Ledger, OpenLeg
from ..observe.log import Log
from ..observe.metrics import Metrics
from ..ports import Living, Switch
from .import_journal import ImportJournal
from .leg_mark import CallMark, read_mark
from .live_legs import LiveLegs
from .switch_clock import SwitchClock

BEYOND_S = 3.0
"""A leg ends by itself a quarter of a second before its grant does: so much later (s) it will not."""

MAX_ASKED = 50
"""Unknown channels that Asterisk is asked about in one round."""


class FindUnpaid:
    """`look` is one round of it; `suspects`: channels that have to be looked at again."""

    def __init__(
        self,
        *,
        ledger: Ledger,
        switch: Switch,
        journal: ImportJournal,
        live: LiveLegs,
        clock: SwitchClock,
        log: Log,
        metrics: Metrics,
    ) -> None:
        self._ledger = ledger
        self._switch = switch
        self._journal = journal
        self._live = live
        self._clock = clock
        self._log = log
        self._metrics = metrics
        self._unmarked: set[str] = set()
        self.suspects: dict[str, datetime] = {}
        """Unique id of each channel that is up and not known as a leg, and when it was first seen so. Not those that
        carry no authorisation: a channel gets its mark before it is answered."""

    def clock_moved(self, step: timedelta) -> None:
        """The wall clock was set: what was seen is told in the new time."""
        self.suspects = {uniqueid: at + step for uniqueid, at in self.suspects.items()}

    async def look(self, now: datetime, living: Mapping[str, Living], legs: Mapping[str, OpenLeg]) -> None:
        """One round; `legs` are the open ones among the living channels."""
        await self._end_beyond_grant(now, living)
        calls = await self._ledger.call_channels()
        unknown = _unknown(living, legs, calls)
        self._unmarked &= unknown.keys()
        again = [one for uniqueid, one in unknown.items() if uniqueid in self.suspects]
        for one in again[:MAX_ASKED]:
            await self._decide(one, now)
        looked_at = unknown.keys() - self._unmarked
        self.suspects = {uniqueid: self.suspects.get(uniqueid, now) for uniqueid in looked_at}

    async def _decide(self, one: Living, now: datetime) -> None:
        """A channel that was unknown twice: look at its own mark and at what is stored for it now."""
        userfield = await self._switch.userfield(one.channel)
        mark = read_mark(userfield)
        if not isinstance(mark, CallMark):
            self._unmarked.add(one.uniqueid)
            return  # a caller, or a call that costs nothing and was let through while the bridge was silent
        seen_at = min(self.suspects[one.uniqueid], now)
        leg = OpenLeg(
            one.uniqueid, mark.call_ref, mark.attempt, one.linkedid, one.channel, userfield, seen_at, now,
            *self._clock.newest,
        )  # fmt: skip
        found = await self._journal.open_found(leg)
        if found == "opened":
            self._log.error("lost_answer", call_ref=mark.call_ref, leg=one.uniqueid, answered_at=seen_at.isoformat())
            self._metrics.count("bss_answers_lost_total")
            await self._ledger.note([Finding("lost_answer", mark.call_ref, one.uniqueid, one.channel)])
        elif found == "unpaid":
            self._log.error("unpaid_channel", call_ref=mark.call_ref, leg=one.uniqueid, channel=one.channel)
            await self._end(Finding("unpaid_channel", mark.call_ref, one.uniqueid, one.channel))

    async def _end_beyond_grant(self, now: datetime, living: Mapping[str, Living]) -> None:
        for live in self._live:
            over_s = -live.remaining_s(now)
            one = living.get(live.leg.leg_uniqueid)
            if one is None or over_s < BEYOND_S:
                continue
            self._log.error("beyond_grant", call_ref=live.leg.call_ref, leg=one.uniqueid, over_s=round(over_s, 1))
            await self._end(Finding("beyond_grant", live.leg.call_ref, one.uniqueid, one.channel, over_s))

    async def _end(self, finding: Finding) -> None:
        assert finding.channel is not None
        await self._switch.hang_up(finding.channel)
        self._metrics.count("bss_channels_ended_total", kind=finding.kind)
        await self._ledger.note([finding])


def _unknown(
    living: Mapping[str, Living], legs: Mapping[str, OpenLeg], calls: Sequence[CallChannel]
) -> dict[str, Living]:
    """Channels that are up and neither an open leg, nor part of a call whose answered leg is known, nor a caller."""
    with_leg = {one.channel_uniqueid for one in calls if one.has_leg}
    return {
        uniqueid: one
        for uniqueid, one in living.items()
        if one.is_up and uniqueid not in legs and one.linkedid not in with_leg and uniqueid not in with_leg
    }
