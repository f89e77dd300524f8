"""What all questions share: ask the service, log the decision, answer in channel variables."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Protocol

from ...observe.log import Log
from ...observe.metrics import Metrics
from ...ports import Allowed, CallRequest, Catalogue, Refused, Reservations
from ..answer import request_of, variables_of
from ..protocol import Question

CatalogueSource = Callable[[], Catalogue | None]
TellAgain = Callable[[str, datetime], None]

TELL_AGAIN_S = 1
"""An answered party that asks has its own limit put back by the dialplan; so long afterwards (s) we set it exactly."""


class Service(Protocol):
    """A service that decides about a call."""

    async def __call__(
        self, request: CallRequest, *, catalogue: Catalogue, reservations: Reservations, now: datetime, grant_s: int
    ) -> Allowed | Refused:
        """Decide."""


class Decide:
    """Handler of one question."""

    def __init__(
        self,
        service: Service,
        *,
        catalogue: CatalogueSource,
        reservations: Reservations,
        grant_s: int,
        log: Log,
        metrics: Metrics,
        tell_again: TellAgain,
    ) -> None:
        self._service = service
        self._catalogue = catalogue
        self._reservations = reservations
        self._grant_s = grant_s
        self._log = log
        self._metrics = metrics
        self._tell_again = tell_again

    async def __call__(self, question: Question) -> Mapping[str, str] | None:
        """Variables of the answer; None while there is no catalogue: the dialplan goes on by its extract."""
        request = request_of(question)
        catalogue = self._catalogue()
        if catalogue is None:
            return None
        outcome = await self._service(
            request,
            catalogue=catalogue,
            reservations=self._reservations,
            now=datetime.now(UTC),
            grant_s=self._grant_s,
        )
        self._tell_again(request.channel_uniqueid, datetime.now(UTC) + timedelta(seconds=TELL_AGAIN_S))
        self._tell(question.name, request, outcome)
        return variables_of(outcome)

    def _tell(self, name: str, request: CallRequest, outcome: Allowed | Refused) -> None:
        asked = {"call_ref": request.call_ref, "endpoint": request.endpoint, "dialled": request.dialled}
        if isinstance(outcome, Refused):
            self._metrics.count("bss_calls_refused_total", question=name, reason=outcome.reason.value)
            self._log.info(name, **asked, decision="refused", reason=outcome.reason.value, detail=outcome.detail)
            return
        terms = outcome.terms
        self._metrics.count("bss_calls_allowed_total", question=name, decision=terms.decision.value)
        self._log.info(
            name,
            **asked,
            decision=terms.decision.value,
            e164=terms.e164 or None,
            granted_s=outcome.granted_s,
            routes=",".join(route.dial for route in terms.routes),
        )
