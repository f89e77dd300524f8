"""Asterisk's manager interface: reconnects, keeps answers apart, writes only what differs."""

import asyncio
from contextlib import asynccontextmanager

import pytest

from telecom_switch_bridge.ami import refresh as ami_refresh
from telecom_switch_bridge.ami.astdb import AstDb
from telecom_switch_bridge.ami.client import AmiClient
from telecom_switch_bridge.ami.refresh import CACHES, RELOADED, SwitchRefresh
from telecom_switch_bridge.ami.switch import AmiSwitch
from telecom_switch_bridge.config import AmiSettings
from telecom_switch_bridge.errors import DatabaseAbsent, SwitchAbsent
from telecom_switch_bridge.observe.log import Log
from telecom_switch_bridge.services.routing_extract import routing_extract
from tests.support.fake_ami import FakeAmi

from .world import account, demo


@pytest.fixture
def asterisk():
    fake = FakeAmi()
    fake.channels["a-1.0"] = "PJSIP/x-0"
    yield fake
    fake.close()


@asynccontextmanager
async def connected(asterisk, *, secret=None, on_connect=None, on_user_event=None, wait=True):
    settings = AmiSettings("127.0.0.1", asterisk.port, "bss", secret or asterisk.secret)
    client = AmiClient(settings, log=Log("test"), on_connect=on_connect, on_user_event=on_user_event)
    running = asyncio.create_task(client.run())
    try:
        if wait:
            await until(lambda: client.connected)
        yield client
    finally:
        running.cancel()


async def until(condition, seconds=5):
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.01)


async def test_many_actions_get_their_own_answers(asterisk):
    async with connected(asterisk) as client:
        switch = AmiSwitch(client)
        gone, there, channels = await asyncio.gather(
            switch.set_absolute_timeout("gone", 9), switch.set_absolute_timeout("PJSIP/x-0", 9.5),
            switch.live_channels(),
        )  # fmt: skip
        assert (gone, there, channels) == (False, True, {"a-1.0": "PJSIP/x-0"})


async def test_it_comes_back_after_a_loss_and_says_so(asterisk):
    told = []

    async def on_connect(start, uptime_s):
        told.append((start, uptime_s))

    async with connected(asterisk, on_connect=on_connect) as client:
        asterisk.stop()
        await until(lambda: not client.connected)
        with pytest.raises(SwitchAbsent):
            await client.action("Ping")
        asterisk.start()
        await until(lambda: client.connected)
        await client.action("Ping")
    assert told == [("2026-11-27 10:00:00", 1000.0)] * 2


async def test_an_action_under_way_fails_when_the_connection_is_lost(asterisk):
    async with connected(asterisk) as client:
        asking = asyncio.create_task(client.action("Silence"))
        await until(lambda: asterisk.actions("Silence"))
        asterisk.stop()
        with pytest.raises(SwitchAbsent):
            await asking


async def test_a_wrong_secret_is_no_connection(asterisk):
    async with connected(asterisk, secret="wrong", wait=False) as client:
        await until(lambda: len(asterisk.actions("Login")) > 1)
        assert not client.connected


async def test_an_asterisk_that_does_not_say_its_start_is_no_connection(asterisk):
    """Without it a leg that was lost with its Asterisk could be charged as if it had lived in the next one."""
    asterisk.refuses = {"CoreStatus"}
    async with connected(asterisk, wait=False) as client:
        await until(lambda: len(asterisk.actions("Login")) > 1)
        assert not client.connected


async def test_astdb_is_brought_up_to_date_by_differences(asterisk):
    asterisk.astdb = {"bss_ep/old": "1", "bss_ep/same": "2", "bss_did/441": "x", "other/key": "kept"}
    async with connected(asterisk) as client:
        astdb = AstDb(client, Log("test"))
        wanted = {("bss_ep", "same"): "2", ("bss_did", "441"): "y", ("bss_ext", "1-101"): "z"}
        assert await astdb.synchronise(wanted) == 3
        assert asterisk.astdb == {"bss_ep/same": "2", "bss_did/441": "y", "bss_ext/1-101": "z", "other/key": "kept"}
        assert await astdb.synchronise(wanted) == 0


def test_the_extract_holds_what_a_silent_bridge_needs():
    catalogue = demo()
    extract = routing_extract(catalogue.phone_rows, catalogue.number_rows, catalogue.account_rows, catalogue)
    assert extract["bss_ep", "a10-101"] == "10" and extract["bss_ext", "10-102"] == "a10-102"
    assert extract["bss_did", "442079460999"] == "a10-101" and extract["bss_cli", "a10-101"] == "442079460999"
    assert extract["bss_emergency", "10-112"] == "PJSIP/112@trunk-1"
    assert ("bss_did", "442079460998") not in extract  # leads outside: somebody would have to pay
    assert ("bss_emergency", "20-112") not in extract  # no telephones
    without = routing_extract((), (), (account(10),), catalogue)
    assert without == {}


class Refreshing:
    def __init__(self, client, log=None):
        self.database_there = True
        self.refresh = SwitchRefresh(
            client, AstDb(client, Log("test")), extract=lambda: {("bss_ep", "x"): "1"},
            database_answers=self.database_answers, trunks_leave=self.trunks_leave,
            trunks_read=self.trunks_read, log=Log("test"),
        )  # fmt: skip
        self.read = 0

    async def trunks_leave(self):
        return False

    async def trunks_read(self):
        self.read += 1

    async def database_answers(self):
        if not self.database_there:
            raise DatabaseAbsent("away")


async def test_changes_of_telephones_reach_asterisk_but_never_while_the_database_is_away(asterisk, monkeypatch):
    monkeypatch.setattr(ami_refresh, "POPULATE_EVERY_S", 0.1)
    monkeypatch.setattr(ami_refresh, "RETRY_S", 0.05)
    async with connected(asterisk) as client:
        world = Refreshing(client)
        world.database_there = False
        running = asyncio.create_task(world.refresh.run())
        world.refresh.mark({"everything"})
        await asyncio.sleep(0.3)
        assert asterisk.actions("SorceryMemoryCachePopulate") == []
        world.database_there = True
        await until(lambda: asterisk.astdb == {"bss_ep/x": "1"})
        assert [one["Cache"] for one in asterisk.actions("SorceryMemoryCachePopulate")] == list(CACHES)
        world.refresh.mark({"rate"})  # nothing of Asterisk's
        await asyncio.sleep(0.2)
        assert len(asterisk.actions("SorceryMemoryCachePopulate")) == len(CACHES)
        world.refresh.mark({"phone"})
        await until(lambda: len(asterisk.actions("SorceryMemoryCachePopulate")) == 2 * len(CACHES))
        assert world.read == 1 and len(asterisk.actions("ModuleLoad")) == len(RELOADED)  # a telephone needs no reload
        world.refresh.mark({"trunk"})
        await until(lambda: world.read == 2)
        assert [one["Module"] for one in asterisk.actions("ModuleLoad")] == [*RELOADED, *RELOADED]
        running.cancel()


async def test_a_populate_that_asterisk_refuses_at_its_start_is_tried_again(asterisk, monkeypatch):
    monkeypatch.setattr(ami_refresh, "POPULATE_EVERY_S", 0.05)
    asterisk.refuses.add("SorceryMemoryCachePopulate")
    async with connected(asterisk) as client:
        world = Refreshing(client)
        running = asyncio.create_task(world.refresh.run())
        world.refresh.mark({"everything"})
        await until(lambda: len(asterisk.actions("SorceryMemoryCachePopulate")) > 2)
        asterisk.refuses.clear()
        await until(lambda: [one["Cache"] for one in asterisk.actions("SorceryMemoryCachePopulate")][-5:] == [*CACHES])
        running.cancel()
