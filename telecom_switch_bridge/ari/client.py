"""Asterisk's REST interface: requests, and one WebSocket that keeps our application registered and brings its events.

Asterisk lets channels into an application only while somebody listens, so `connected` means: both ways work.
"""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp

from ..config import AriSettings
from ..dialplan_names import GLOBAL_SOUNDS
from ..errors import PeerMisbehaves, SwitchAbsent
from ..observe.log import Log

CONNECT_TIMEOUT_S = 3.0
ANSWER_TIMEOUT_S = 5.0
HEARTBEAT_S = 10.0
"""A WebSocket that does not answer a ping within half of this counts as lost."""

MAX_UNANSWERED = 100
"""Requests under way; more wait."""

MAX_EVENT_BYTES = 262_144

BACK_OFF_S = (0.2, 0.5, 1.0, 2.0, 5.0)

GONE = frozenset({404, 409, 412})
"""Statuses of a request for a channel that has ended, or is about to."""

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Answer:
    """Status of a request and its body, {} when it has none."""

    status: int
    body: Json


class AriClient:
    """`run` keeps the connection; requests raise SwitchAbsent while there is none."""

    def __init__(self, settings: AriSettings, *, app: str, log: Log) -> None:
        self._settings = settings
        self.app = app
        self._log = log
        self._session: aiohttp.ClientSession | None = None
        self._awaited: dict[tuple[str, str], asyncio.Future[Json]] = {}
        self._slots = asyncio.Semaphore(MAX_UNANSWERED)
        self.connected = False
        self.sounds = ""

    async def run(self) -> None:
        """Connect, listen, and come back after every loss, until cancelled."""
        failures = 0
        while True:
            try:
                await self._listen()
            except (SwitchAbsent, PeerMisbehaves, aiohttp.ClientError, OSError, TimeoutError) as error:
                level = self._log.warning if self.connected or failures == 0 else self._log.debug
                level("ari_lost", error=str(error) or type(error).__name__)
                failures = 0 if self.connected else failures + 1
            finally:
                self._lose()
            await asyncio.sleep(BACK_OFF_S[min(failures, len(BACK_OFF_S) - 1)])

    async def request(self, method: str, path: str, **query: str) -> Answer:
        """Answer to one request, also when it is an error; raises SwitchAbsent when there is none."""
        async with self._slots:
            if self._session is None:
                raise SwitchAbsent("the REST interface is not connected")
            try:
                async with (
                    asyncio.timeout(ANSWER_TIMEOUT_S),
                    self._session.request(method, f"{self._settings.url}/{path}", params=query) as answer,
                ):
                    body = await answer.json(content_type=None) if answer.status != 204 else {}
                    return Answer(answer.status, body if isinstance(body, dict) else {})
            except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
                raise SwitchAbsent(f"{method} {path}: no answer ({type(error).__name__})") from error

    def expect(self, event: str, identity: str) -> asyncio.Future[Json]:
        """Future of an event of a channel or playback, by its id. Ask for it before what causes it; then `forget`."""
        future: asyncio.Future[Json] = asyncio.get_running_loop().create_future()
        self._awaited[event, identity] = future
        return future

    def forget(self, identity: str) -> None:
        """No event of this channel or playback is waited for any more."""
        for key in [key for key in self._awaited if key[1] == identity]:
            self._awaited.pop(key).cancel()

    async def _listen(self) -> None:
        login = aiohttp.encode_basic_auth(self._settings.username, self._settings.password)
        async with aiohttp.ClientSession(headers={"Authorization": login}) as session:
            async with asyncio.timeout(CONNECT_TIMEOUT_S):
                socket = await session.ws_connect(
                    f"{self._settings.url}/events", params={"app": self.app, "subscribeAll": "false"},
                    heartbeat=HEARTBEAT_S, max_msg_size=MAX_EVENT_BYTES,
                )  # fmt: skip
            async with socket:
                self._session = session
                self.sounds = await self._folder_of_sounds()
                self.connected = True
                self._log.info("ari_connected", app=self.app)
                async for message in socket:
                    if message.type is aiohttp.WSMsgType.TEXT:
                        self._deliver(message.data)
                raise SwitchAbsent(f"the WebSocket was closed ({socket.close_code})")

    async def _folder_of_sounds(self) -> str:
        """Where our prompts are, as Asterisk sees it: it may live in a root of its own."""
        answer = await self.request("GET", "asterisk/variable", variable=GLOBAL_SOUNDS)
        if answer.status != 200 or not answer.body.get("value"):
            raise PeerMisbehaves(f"{GLOBAL_SOUNDS} cannot be read: status {answer.status}")
        return str(answer.body["value"])

    def _deliver(self, text: str) -> None:
        """Wake who waits for an event; what is no event wakes nobody."""
        try:
            event = json.loads(text)
        except ValueError:
            event = None
        if not isinstance(event, dict):
            self._log.warning("ari_event_unreadable", text=text)
            return
        for part in ("channel", "playback"):
            found = event.get(part)
            identity = found.get("id") if isinstance(found, dict) else None
            future = self._awaited.get((str(event.get("type")), str(identity)))
            if future is not None and not future.done():
                future.set_result(event)

    def _lose(self) -> None:
        self.connected = False
        self._session = None
        for future in self._awaited.values():
            if not future.done():
                future.set_exception(SwitchAbsent("the REST interface was lost"))
                future.exception()  # whoever does not wait for it yet is not told twice
