"""Speaks to one party of a living call (port `Whisperer`): a snoop channel whispers a prompt, then it is removed.

Measured (asterisk-facts 6): the other party hears nothing of it, and the call's own end is not delayed.
"""

import asyncio
from contextlib import suppress
from itertools import count
from secrets import token_hex

from ..errors import SwitchAbsent
from .client import GONE, AriClient, Json

MAX_AT_ONCE = 200
"""Parties who hear something at one moment: each takes a channel and a thread of Asterisk. More wait."""

START_TIMEOUT_S = 2.0
SENTENCE_TIMEOUT_S = 10.0
"""Longest prompt (s) and its way; what takes longer is ended."""


class AriWhisperer:
    """Port `Whisperer`."""

    def __init__(self, client: AriClient) -> None:
        self._client = client
        self._slots = asyncio.Semaphore(MAX_AT_ONCE)
        self._names = (f"bss-whisper-{token_hex(4)}-{number}" for number in count(1))

    async def whisper(self, channel_uniqueid: str, prompt: str) -> bool:
        """Play a prompt to the party at a channel, to its end; False when there is no such channel (any more)."""
        async with self._slots:
            name = next(self._names)
            started = self._client.expect("StasisStart", name)
            try:
                answer = await self._client.request(
                    "POST", f"channels/{channel_uniqueid}/snoop/{name}", spy="none", whisper="out", app=self._client.app
                )
                if answer.status in GONE:
                    return False
                if answer.status != 200:
                    raise SwitchAbsent(f"snoop: status {answer.status}: {answer.body.get('message')}")
                return await self._speak(name, started, prompt)
            finally:
                self._client.forget(name)

    async def _speak(self, name: str, started: asyncio.Future[Json], prompt: str) -> bool:
        try:
            await _in_time(started, START_TIMEOUT_S, "the snoop channel did not start")
            finished = self._client.expect("PlaybackFinished", name)
            media = f"sound:{self._client.sounds}/{prompt}"
            answer = await self._client.request("POST", f"channels/{name}/play/{name}", media=media)
            if answer.status in GONE:
                return False
            if answer.status != 201:
                raise SwitchAbsent(f"play: status {answer.status}: {answer.body.get('message')}")
            event = await _in_time(finished, SENTENCE_TIMEOUT_S, "the prompt did not end")
            state = event["playback"].get("state")  # there is one: its id is what was waited for
            if state != "done":
                raise SwitchAbsent(f"{media} was not played to its end: {state}")
            return True
        finally:
            with suppress(SwitchAbsent):
                await self._client.request("DELETE", f"channels/{name}")


async def _in_time(future: asyncio.Future[Json], seconds: float, fault: str) -> Json:
    try:
        return await asyncio.wait_for(future, seconds)
    except TimeoutError as error:
        raise SwitchAbsent(fault) from error
