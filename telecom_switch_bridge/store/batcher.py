"""Micro-batches: what queues up while one statement is in flight goes into the next one (perf-facts).

A single question leaves at once. Under load a short pause makes the batches larger: what a statement costs however
little it does is then shared by more questions, and the loop has enough other work meanwhile.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

from ..errors import DatabaseAbsent

Item = TypeVar("Item")
Result = TypeVar("Result")

MAX_BATCH = 256
BUSY_FROM = 8
GATHER_S = 0.003
"""After a batch of so many questions the next one waits so long (s) for more."""

MAX_WAITING = 5000
"""Questions that may wait; more than a node can answer in the time a caller is patient."""


class Batcher(Generic[Item, Result]):
    """Runs `run(items)` for one batch at a time; each caller gets the result of its own item, or the batch's error."""

    def __init__(self, run: Callable[[Sequence[Item]], Awaitable[Sequence[Result]]]) -> None:
        self._run = run
        self._waiting: deque[tuple[Item, asyncio.Future[Result]]] = deque()
        self._worker: asyncio.Task[None] | None = None

    async def submit(self, item: Item) -> Result:
        """Result of one item; a single item leaves at once. Raises DatabaseAbsent also when too many wait."""
        if len(self._waiting) >= MAX_WAITING:
            raise DatabaseAbsent(f"{MAX_WAITING} questions wait for the database already")
        future: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, future))
        if self._worker is None or self._worker.done():
            self._worker = asyncio.create_task(self._work())
        return await future

    async def _work(self) -> None:
        while self._waiting:
            batch = [self._waiting.popleft() for _ in range(min(MAX_BATCH, len(self._waiting)))]
            wanted = [(item, future) for item, future in batch if not future.done()]  # the others gave up
            if not wanted:
                continue
            try:
                results = await self._run([item for item, _ in wanted])
            except Exception as error:  # noqa: BLE001  it belongs to the callers
                _fail([future for _, future in wanted], error)
            else:
                for (_, future), result in zip(wanted, results, strict=True):
                    if not future.done():
                        future.set_result(result)
            if len(wanted) >= BUSY_FROM:
                await asyncio.sleep(GATHER_S)


def _fail(futures: Sequence["asyncio.Future[Result]"], error: Exception) -> None:
    for future in futures:
        if not future.done():
            future.set_exception(error)
