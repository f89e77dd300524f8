"""HTTP pages for operators: `/metrics` (Prometheus text) and `/health` (JSON; 200 when all is well, else 503)."""

import json
from collections.abc import Callable
from typing import Any

from aiohttp import web

from .metrics import Metrics


class ObserveServer:
    """Serves both pages on a loopback or management address."""

    def __init__(self, metrics: Metrics, health: Callable[[], tuple[bool, dict[str, Any]]]) -> None:
        self._metrics = metrics
        self._health = health
        application = web.Application()
        application.add_routes([web.get("/metrics", self._show_metrics), web.get("/health", self._show_health)])
        self._runner = web.AppRunner(application, access_log=None)

    async def start(self, host: str, port: int) -> None:
        """Accept requests; OSError when the port is taken."""
        await self._runner.setup()
        await web.TCPSite(self._runner, host, port).start()

    async def stop(self) -> None:
        """Stop serving."""
        await self._runner.cleanup()

    async def _show_metrics(self, _: web.Request) -> web.Response:
        return web.Response(text=self._metrics.render(), content_type="text/plain", charset="utf-8")

    async def _show_health(self, _: web.Request) -> web.Response:
        is_well, page = self._health()
        return web.Response(
            text=json.dumps(page, default=str), status=200 if is_well else 503, content_type="application/json"
        )
