"""Background work of the daemon: kept going whatever happens to one round of it."""

import asyncio
from collections.abc import Awaitable, Callable

from .errors import DatabaseAbsent, SwitchAbsent
from .observe.log import Log
from .observe.metrics import Metrics

RESTART_S = 1.0


def wake(*rounds: asyncio.Event | None) -> None:
    """Run rounds at once (`Tasks.every`), those that there are."""
    for one in rounds:
        if one is not None:
            one.set()


class Tasks:
    """Started by name; a task that fails by a fault of ours is logged, counted and started again."""

    def __init__(self, log: Log, metrics: Metrics) -> None:
        self._log = log
        self._metrics = metrics
        self._running: dict[str, asyncio.Task[None]] = {}

    def keep(self, name: str, run: Callable[[], Awaitable[None]]) -> None:
        """Run until cancelled, or until `run` returns."""
        self._running[name] = asyncio.create_task(self._guard(name, run), name=name)

    def every(self, name: str, seconds: float, round_: Callable[[], Awaitable[None]]) -> asyncio.Event:
        """Run a round so often, and at once when the returned event is set."""
        awake = asyncio.Event()
        self.keep(name, lambda: self._repeat(name, seconds, round_, awake))
        return awake

    async def finish(self, name: str, timeout_s: float) -> None:
        """Wait for a task that was told to stop; cancel it when it takes too long."""
        task = self._running.pop(name, None)
        if task is not None:
            await asyncio.wait([task], timeout=timeout_s)
            task.cancel()

    async def cancel_all(self) -> None:
        """Cancel everything and wait for it."""
        for task in self._running.values():
            task.cancel()
        await asyncio.gather(*self._running.values(), return_exceptions=True)
        self._running.clear()

    async def _guard(self, name: str, run: Callable[[], Awaitable[None]]) -> None:
        while True:
            try:
                return await run()
            except Exception:  # noqa: BLE001  one fault must not stop the daemon
                self._metrics.count("bss_task_failures_total")
                self._log.crash("task_failed", task=name)
            await asyncio.sleep(RESTART_S)

    async def _repeat(
        self, name: str, seconds: float, round_: Callable[[], Awaitable[None]], wake: asyncio.Event
    ) -> None:
        while True:
            try:
                await round_()
            except (DatabaseAbsent, SwitchAbsent) as error:
                self._log.debug("round_skipped", task=name, error=str(error))
            try:
                async with asyncio.timeout(seconds):
                    await wake.wait()
            except TimeoutError:
                continue
            wake.clear()
