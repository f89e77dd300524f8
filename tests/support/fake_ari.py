"""A REST interface of Asterisk that a test can fill: living channels, what is whispered to them, faults on demand."""

import asyncio
from typing import Any

from aiohttp import WSCloseCode, encode_basic_auth, web

SOUNDS = "/node/sounds"


class FakeAri:
    """`channels`: uniqueids that live; `played`: (channel, media) of whispers; `snoops`: snoop channels not removed.

    `playback` is the state in which a playback ends, None: it never does. `starts` False: snoop channels do not begin.
    """

    def __init__(self) -> None:
        self.channels: set[str] = set()
        self.played: list[tuple[str, str]] = []
        self.snoops: dict[str, str] = {}
        self.asked: list[str] = []
        self.apps: list[str] = []
        self.password = "only-for-tests"
        self.playback: str | None = "done"
        self.starts = True
        self.port = 0
        self._sockets: list[web.WebSocketResponse] = []
        self._runner: web.AppRunner | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/ari"

    async def start(self) -> None:
        """Serve, on the same port as before."""
        application = web.Application(middlewares=[self._guard])
        application.add_routes([
            web.get("/ari/events", self._events),
            web.get("/ari/asterisk/variable", self._variable),
            web.post("/ari/channels/{channel}/snoop/{snoop}", self._snoop),
            web.post("/ari/channels/{snoop}/play/{playback}", self._play),
            web.delete("/ari/channels/{snoop}", self._delete),
        ])  # fmt: skip
        self._runner = web.AppRunner(application, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self.port)
        await site.start()
        self.port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        """Go away, as a killed Asterisk does."""
        for socket in self._sockets:
            await socket.close(code=WSCloseCode.GOING_AWAY)
        self._sockets.clear()
        if self._runner is not None:
            await self._runner.cleanup()

    async def tell(self, text: str) -> None:
        """Send a text to all who listen."""
        for socket in self._sockets:
            await socket.send_str(text)

    @web.middleware
    async def _guard(self, request: web.Request, handler: Any) -> web.StreamResponse:
        if request.headers.get("Authorization") != encode_basic_auth("bss", self.password):
            return web.json_response({"message": "Authentication required"}, status=401)
        self.asked.append(f"{request.method} {request.path}")
        response: web.StreamResponse = await handler(request)
        return response

    async def _events(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self.apps.append(request.query["app"])
        self._sockets.append(socket)
        async for _ in socket:
            pass
        return socket

    async def _variable(self, request: web.Request) -> web.Response:
        return web.json_response({"value": SOUNDS if request.query["variable"] == "BSS_SOUNDS" else ""})

    async def _snoop(self, request: web.Request) -> web.Response:
        channel, snoop = request.match_info["channel"], request.match_info["snoop"]
        if channel not in self.channels:
            return web.json_response({"message": "Channel not found"}, status=404)
        assert (request.query["spy"], request.query["whisper"], request.query["app"]) == ("none", "out", self.apps[-1])
        self.snoops[snoop] = channel
        if self.starts:
            await self._event({"type": "StasisStart", "channel": {"id": snoop}})
        return web.json_response({"id": snoop})

    async def _play(self, request: web.Request) -> web.Response:
        snoop, playback = request.match_info["snoop"], request.match_info["playback"]
        if snoop not in self.snoops:
            return web.json_response({"message": "Channel not found"}, status=404)
        self.played.append((self.snoops[snoop], request.query["media"]))
        if self.playback is not None:
            event = {"type": "PlaybackFinished", "playback": {"id": playback, "state": self.playback}}
            asyncio.get_running_loop().call_later(0.05, lambda: asyncio.ensure_future(self._event(event)))
        return web.json_response({"id": playback}, status=201)

    async def _delete(self, request: web.Request) -> web.Response:
        self.snoops.pop(request.match_info["snoop"], None)
        return web.Response(status=204)

    async def _event(self, event: dict[str, Any]) -> None:
        for socket in self._sockets:
            await socket.send_json(event)
