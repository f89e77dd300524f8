"""Asterisk's manager interface: reconnects, keeps answers apart, writes only what differs."""

import asyncio
from contextlib import asynccontextmanager, suppress

import pytest

from telecom_switch_bridge.ami import refresh as ami_refresh
from telecom_switch_bridge.ami.astdb import AstDb
from telecom_switch_bridge.ami.client import AmiClient
from telecom_switch_bridge.ami.protocol import write_block
from telecom_switch_bridge.ami.refresh import CACHES, SwitchRefresh
from telecom_switch_bridge.ami.switch import AmiSwitch
from telecom_switch_bridge.config import AmiSettings
from telecom_switch_bridge.errors import DatabaseAbsent, SwitchAbsent
from telecom_switch_bridge.observe.log import Log
from telecom_switch_bridge.services.routing_extract import routing_extract

from .world import account, demo


class FakeAsterisk:
    """A manager interface with one log-in, channels and an AstDB."""

    def __init__(self):
        self.secret, self.channels, self.astdb, self.seen = "s3", {"a-1.0": "PJSIP/x-0"}, {}, []
        self.server, self.writers = None, []

    async def start(self, port=0):
        self.server = await asyncio.start_server(self.serve, "127.0.0.1", port)
        return self.server.sockets[0].getsockname()[1]

    async def stop(self):
        self.server.close()
        for writer in self.writers:
            writer.close()

    async def serve(self, reader, writer):
        self.writers.append(writer)
        writer.write(b"Asterisk Call Manager/11.0.0\r\n")
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                raw = (await reader.readuntil(b"\r\n\r\n")).decode()
                fields = dict(line.split(": ", 1) for line in raw.split("\r\n") if ": " in line)
                self.seen.append(fields)
                for block in self.answers(fields):
                    writer.write(write_block(block))

    def answers(self, fields):
        action_id = {"ActionID": fields["ActionID"]}
        match fields["Action"]:
            case "Login" if fields["Secret"] != self.secret:
                yield {"Response": "Error", **action_id, "Message": "Authentication failed"}
            case "Login":
                yield {"Response": "Success", **action_id}
                yield {"Event": "FullyBooted", "Uptime": "42"}
            case "CoreShowChannels":
                yield from self.listing(
                    action_id, [{"Uniqueid": uid, "Channel": name} for uid, name in self.channels.items()]
                )
            case "DBGetTree":
                family = fields["Family"]
                entries = [
                    {"Key": f"/{place}", "Val": v} for place, v in self.astdb.items() if place.startswith(family)
                ]
                yield from self.listing(action_id, entries)
            case "DBPut":
                self.astdb[f"{fields['Family']}/{fields['Key']}"] = fields["Val"]
                yield {"Response": "Success", **action_id}
            case "DBDel":
                del self.astdb[f"{fields['Family']}/{fields['Key']}"]
                yield {"Response": "Success", **action_id}
            case "Setvar" if fields["Channel"] == "gone":
                yield {"Response": "Error", **action_id, "Message": "No such channel"}
            case "Silence":
                return
            case _:
                yield {"Response": "Success", **action_id}

    def listing(self, action_id, events):
        yield {"Response": "Success", **action_id, "EventList": "start"}
        for event in events:
            yield {"Event": "Item", **action_id, **event}
        yield {"Event": "Complete", **action_id, "EventList": "Complete"}

    def actions(self, name):
        return [fields for fields in self.seen if fields["Action"] == name]


@asynccontextmanager
async def connected(asterisk, **changes):
    port = await asterisk.start()
    settings = AmiSettings("127.0.0.1", port, "bss", changes.get("secret", "s3"))
    client = AmiClient(settings, log=Log("test"), on_connect=changes.get("on_connect"))
    running = asyncio.create_task(client.run())
    try:
        if changes.get("wait", True):
            await until(lambda: client.connected)
        yield client
    finally:
        running.cancel()
        await asterisk.stop()


async def until(condition, seconds=5):
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.01)


async def test_many_actions_get_their_own_answers():
    async with connected(FakeAsterisk()) as client:
        switch = AmiSwitch(client)
        gone, there, channels = await asyncio.gather(
            switch.set_absolute_timeout("gone", 9), switch.set_absolute_timeout("PJSIP/x-0", 9.5),
            switch.live_channels(),
        )  # fmt: skip
        assert (gone, there, channels) == (False, True, {"a-1.0": "PJSIP/x-0"})


async def test_it_comes_back_after_a_loss_and_says_so():
    uptimes = []

    async def on_connect(uptime_s):
        uptimes.append(uptime_s)

    asterisk = FakeAsterisk()
    async with connected(asterisk, on_connect=on_connect) as client:
        port = asterisk.server.sockets[0].getsockname()[1]
        await asterisk.stop()
        await until(lambda: not client.connected)
        with pytest.raises(SwitchAbsent):
            await client.action("Ping")
        await asterisk.start(port)
        await until(lambda: client.connected)
        await client.action("Ping")
    assert uptimes == [42.0, 42.0]


async def test_an_action_under_way_fails_when_the_connection_is_lost():
    asterisk = FakeAsterisk()
    async with connected(asterisk) as client:
        asking = asyncio.create_task(client.action("Silence"))
        await until(lambda: asterisk.actions("Silence"))
        await asterisk.stop()
        with pytest.raises(SwitchAbsent):
            await asking


async def test_a_wrong_secret_is_no_connection():
    asterisk = FakeAsterisk()
    async with connected(asterisk, secret="wrong", wait=False) as client:
        await until(lambda: len(asterisk.actions("Login")) > 1)
        assert not client.connected


async def test_astdb_is_brought_up_to_date_by_differences():
    asterisk = FakeAsterisk()
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
            database_answers=self.database_answers, log=Log("test"),
        )  # fmt: skip

    async def database_answers(self):
        if not self.database_there:
            raise DatabaseAbsent("away")


async def test_changes_of_telephones_reach_asterisk_but_never_while_the_database_is_away(monkeypatch):
    monkeypatch.setattr(ami_refresh, "POPULATE_EVERY_S", 0.1)
    monkeypatch.setattr(ami_refresh, "RETRY_S", 0.05)
    asterisk = FakeAsterisk()
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
        running.cancel()
