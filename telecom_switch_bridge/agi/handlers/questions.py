"""Which service answers which question of the dialplan."""

from functools import partial

from ...dialplan_names import (
    QUESTION_AUTHORISE_BRANCH,
    QUESTION_AUTHORISE_CALL,
    QUESTION_DETOUR_CALL,
    QUESTION_ROUTE_INBOUND,
    QUESTION_TRANSFER_CALL,
)
from ...services.call_rates import CallRates
from .authorise_branch import authorise_branch
from .authorise_call import authorise_call
from .decide import Service
from .detour_call import detour_call
from .route_inbound import route_inbound
from .transfer_call import transfer_call


def services_by_question(rates: CallRates) -> dict[str, Service]:
    """All of them share the rates by which calls a second are limited."""
    return {
        QUESTION_AUTHORISE_CALL: partial(authorise_call, rates=rates),
        QUESTION_ROUTE_INBOUND: partial(route_inbound, rates=rates),
        QUESTION_DETOUR_CALL: partial(detour_call, rates=rates),
        QUESTION_AUTHORISE_BRANCH: partial(authorise_branch, rates=rates),
        QUESTION_TRANSFER_CALL: partial(transfer_call, rates=rates),
    }
