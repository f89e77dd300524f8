"""Asterisk's REST interface: comes back after a loss, and speaks to one party and leaves nothing behind."""

import asyncio
from contextlib import asynccontextmanager

import pytest

from telecom_switch_bridge.ari import whisper as ari_whisper
from telecom_switch_bridge.ari.client import AriClient
from telecom_switch_bridge.ari.whisper import AriWhisperer
from telecom_switch_bridge.config import AriSettings
from telecom_switch_bridge.errors import SwitchAbsent
from telecom_switch_bridge.observe.log import Log
from tests.support.fake_ari import SOUNDS, FakeAri


@pytest.fixture
async def asterisk():
    fake = FakeAri()
    fake.channels.add("a-1.0")
    await fake.start()
    yield fake
    await fake.stop()


@asynccontextmanager
async def connected(asterisk, *, password=None, wait=True):
    settings = AriSettings(asterisk.url, "bss", password or asterisk.password)
    client = AriClient(settings, app="bss-test", log=Log("test"))
    running = asyncio.create_task(client.run())
    try:
        if wait:
            await until(lambda: client.connected)
        yield client
    finally:
        running.cancel()
        await asyncio.wait([running])


async def until(condition, seconds=5):
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.01)


async def test_a_party_hears_the_prompt_and_the_snoop_channel_is_removed(asterisk):
    async with connected(asterisk) as client:
        assert await AriWhisperer(client).whisper("a-1.0", "cut-off-soon") is True
        assert asterisk.apps == ["bss-test"]
        assert asterisk.played == [("a-1.0", f"sound:{SOUNDS}/cut-off-soon")]
        assert asterisk.snoops == {}
        assert client._awaited == {}


async def test_many_are_told_at_once(asterisk):
    asterisk.channels |= {f"a-{number}.0" for number in range(300)}
    async with connected(asterisk) as client:
        whisperer = AriWhisperer(client)
        async with asyncio.timeout(20):
            told = await asyncio.gather(*(whisperer.whisper(f"a-{number}.0", "x") for number in range(300)))
        assert all(told)
        assert {channel for channel, _ in asterisk.played} == {f"a-{number}.0" for number in range(300)}
        assert asterisk.snoops == {}


async def test_a_channel_that_is_gone_is_no_fault(asterisk):
    async with connected(asterisk) as client:
        assert await AriWhisperer(client).whisper("a-9.0", "cut-off-soon") is False
        assert asterisk.played == []


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ({"playback": "failed"}, "not played to its end: failed"),
        ({"playback": None}, "the prompt did not end"),
        ({"starts": False}, "did not start"),
    ],
)
async def test_a_prompt_that_is_not_heard_is_a_fault_and_leaves_no_channel(asterisk, monkeypatch, fault, said):
    monkeypatch.setattr(ari_whisper, "START_TIMEOUT_S", 0.2)
    monkeypatch.setattr(ari_whisper, "SENTENCE_TIMEOUT_S", 0.2)
    for name, value in fault.items():
        setattr(asterisk, name, value)
    async with connected(asterisk) as client:
        with pytest.raises(SwitchAbsent, match=said):
            await AriWhisperer(client).whisper("a-1.0", "cut-off-soon")
        assert asterisk.snoops == {}


async def test_it_comes_back_after_a_loss(asterisk):
    async with connected(asterisk) as client:
        await asterisk.stop()
        await until(lambda: not client.connected)
        with pytest.raises(SwitchAbsent):
            await client.request("GET", "asterisk/variable", variable="BSS_SOUNDS")
        await asterisk.start()
        await until(lambda: client.connected)
        assert await AriWhisperer(client).whisper("a-1.0", "cut-off-soon") is True


async def test_a_loss_in_mid_sentence_is_told_at_once(asterisk):
    asterisk.playback = None
    async with connected(asterisk) as client:
        whisper = asyncio.create_task(AriWhisperer(client).whisper("a-1.0", "cut-off-soon"))
        await until(lambda: asterisk.played)
        await asterisk.stop()
        with pytest.raises(SwitchAbsent, match="was lost"):
            async with asyncio.timeout(2):
                await whisper


async def test_a_wrong_password_does_not_connect_and_asks_for_nothing(asterisk):
    async with connected(asterisk, password="wrong", wait=False) as client:
        await asyncio.sleep(0.5)
        assert not client.connected
        assert asterisk.asked == []


@pytest.mark.parametrize("text", ["not json", "[1, 2]", '{"type": 7}', '{"channel": 5, "type": "StasisStart"}'])
async def test_events_that_make_no_sense_do_no_harm(asterisk, text):
    async with connected(asterisk) as client:
        await asterisk.tell(text)
        await asyncio.sleep(0.1)
        await until(lambda: client.connected)
        assert await AriWhisperer(client).whisper("a-1.0", "cut-off-soon") is True
