"""A way to a TCP server that a test can cut: what a network or a restarted server does to its clients."""

import asyncio
import threading
from contextlib import suppress

FROZEN_LOOK_S = 0.02


class Proxy:
    """Passes bytes through to `target` while `up`; in a thread of its own."""

    def __init__(self, target: tuple[str, int]) -> None:
        self._target = target
        self._writers: set[asyncio.StreamWriter] = set()
        self._server: asyncio.Server | None = None
        self._port = 0
        self._flows = threading.Event()
        self._flows.set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self.up()

    @property
    def address(self) -> tuple[str, int]:
        """Where clients connect to."""
        return "127.0.0.1", self._port

    def up(self) -> None:
        """Let clients through again."""
        asyncio.run_coroutine_threadsafe(self._open(), self._loop).result(5)

    def down(self) -> None:
        """Break every connection and refuse new ones."""
        asyncio.run_coroutine_threadsafe(self._shut(), self._loop).result(5)

    def freeze(self) -> None:
        """Let nothing through and break nothing: clients that connect are accepted and hear nothing."""
        self._flows.clear()

    def thaw(self) -> None:
        """Let through what has waited."""
        self._flows.set()

    def close(self) -> None:
        """End the thread."""
        self.thaw()
        self.down()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)

    async def _open(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self._port)
        self._port = int(self._server.sockets[0].getsockname()[1])

    async def _shut(self) -> None:
        if self._server is not None:
            self._server.close()
        for writer in self._writers:
            writer.transport.abort()
        self._writers.clear()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            far_reader, far_writer = await asyncio.open_connection(*self._target)
        except OSError:
            writer.close()
            return
        self._writers |= {writer, far_writer}
        await asyncio.gather(self._pump(reader, far_writer), self._pump(far_reader, writer))
        self._writers -= {writer, far_writer}

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while data := await reader.read(65_536):
                while not self._flows.is_set():
                    await asyncio.sleep(FROZEN_LOOK_S)
                writer.write(data)
                await writer.drain()
        writer.close()
