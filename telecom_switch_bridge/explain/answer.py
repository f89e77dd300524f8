"""The whole answer as plain values: decision, limits, price of every level, credit, route; amounts as decimal text."""

from collections.abc import Iterable
from typing import Any

from ..core.numbers import Refusal, normalise_dialled
from ..ports import CallRequest, CallTerms, Decision, Reason, Refused
from ..refusals import words_of
from ..services.limits import call_counts, full_names, levels_above, within_limits
from ..services.prepare_call import prepare_call
from ..services.price_chain import chain_of, price_chain, price_inbound
from ..services.route_inbound import InboundCall, prepare_inbound
from ..store.catalogue import LoadedCatalogue
from ..values import Account
from .classes import class_steps
from .credit import credit_steps
from .fraud import fraud_steps
from .prices import levels_steps
from .routes import RouteSteps
from .rows import Known, Question
from .typed import near_phones

CALL_REF = "explain-0.0-1"
Json = dict[str, Any]


def explain(question: Question, known: Known) -> Json:
    """The answer; `refused` is in it when the call would not start."""
    at = question.at
    page: Json = {"from": question.caller, "to": question.to, "at": at.isoformat(), "seconds": question.seconds}
    if question.is_inbound:
        return page | _inbound(question, known)
    if len(known.phones) != 1:
        return page | _which_phone(question.caller, known)
    endpoint = known.phones[0].endpoint
    page["from"] = endpoint
    request = CallRequest(endpoint, question.to, 1, "", CALL_REF, "")
    terms = prepare_call(request, catalogue=known.catalogue, now=at)
    account = known.catalogue.account(known.phones[0].account_id)
    if account is not None:
        page |= {"account": account.number, "account_id": account.account_id}
    if isinstance(terms, Refused):
        page |= _number(question, account)
        page |= class_steps(known.catalogue, account, known.phones[0], page.get("e164"), at)
        return page | _sold(question, known, page.get("e164"), account, ()) | refused_page(terms)
    page |= _leg(terms, question, known)
    if terms.decision is Decision.EXTERNAL:
        by = known.catalogue.phone_by_id(terms.phone_id) if terms.phone_id is not None else None
        page |= class_steps(known.catalogue, account, by, terms.e164, at)
        page |= _number(question, account, terms.e164) | _sold(question, known, terms.e164, account, page.pop("full"))
    page.pop("full", None)
    return page


def _leg(terms: CallTerms, question: Question, known: Known) -> Json:
    """Decision, limits, credit and routes of terms; refused when a limit is reached or a level is too poor.

    What may be spent, then what looks like an attack, then calls at once, then credit: in the reservation's order.
    """
    counts, living = call_counts(terms, known.catalogue), known.living or {}
    found: Json = {
        "decision": terms.decision.value,
        "direction": terms.direction,
        "limits": [
            {"on": one.name, "living": living.get(one.name, 0), "most": one.most}
            for one in dict.fromkeys((*counts.on, *counts.trunks))
            if one.most is not None
        ],
        "rates": _per_second(terms, known.catalogue),
        "full": full_names(counts, living),
        "routes": [route.dial for route in terms.routes],
    }
    credit, poor = credit_steps(terms, known, question.grant_s)
    found["credit"] = credit
    rules, broken = fraud_steps(terms, known.fraud_rules, known.catalogue)
    if rules:
        found["fraud_rules"] = rules
    if poor is not None and poor.reason is Reason.SPEND_LIMIT:
        return found | refused_page(poor)
    if broken is not None:
        return found | refused_page(broken)
    left = within_limits(terms, counts, living) if terms.routes else terms
    if isinstance(left, Refused):
        return found | refused_page(left)
    found["routes"] = [route.dial for route in left.routes]
    return found | refused_page(poor) if poor is not None else found


def _per_second(terms: CallTerms, catalogue: LoadedCatalogue) -> list[Json]:
    """Limits of new calls a second, which each bridge keeps for itself: no page can say what is left of them."""
    if terms.direction == "internal" or terms.decision is Decision.EMERGENCY:
        return []
    levels = levels_above(catalogue, terms.account_id)
    return [
        {"on": f"account:{one.account_id}", "most": one.max_calls_per_second}
        for one in levels
        if one.max_calls_per_second is not None
    ]


def _number(question: Question, account: Account | None, leads_to: str | None = None) -> Json:
    """How the digits were read, or that a forward leads them elsewhere."""
    if account is None:
        return {}
    habits = account.country_code, account.national_prefix, account.international_prefix
    read = normalise_dialled(question.to, *habits)
    if leads_to is not None and read != leads_to:
        return {"number": f"{question.to} leads on to {leads_to} outside"}
    if isinstance(read, Refusal):
        return {"number": f"{question.to}: {read.fault}"}
    words = f"{question.to} read with country code {habits[0]}, national prefix {habits[1]!r}: {read}"
    return {"e164": read, "number": words}


def _sold(question: Question, known: Known, e164: str | None, account: Account | None, full: Iterable[str]) -> Json:
    """Price of every level and the route of a number that is called, as far as they can be told."""
    if e164 is None or account is None:
        return {}
    chain = chain_of(known.catalogue, account)
    if isinstance(chain, Refused):
        return {}
    prices = price_chain(known.catalogue, chain, e164, question.at)
    if isinstance(prices, Refused):
        return {}
    route = RouteSteps(known.catalogue, e164, prices, CALL_REF, question.at, question.seconds)
    levels = levels_steps(known, prices, "outbound", question.at, question.seconds)
    told = route.told(tuple(full))
    return {"e164": e164, "levels": levels} | ({"route": told} if told is not None else {})


def _inbound(question: Question, known: Known) -> Json:
    """A carrier calls one of our numbers: the arriving leg and, if it leads outside, the one that goes on."""
    request = CallRequest(question.caller, question.to, 1, "", CALL_REF, "")
    call = prepare_inbound(request, catalogue=known.catalogue, now=question.at)
    number = next(iter(known.catalogue.number_rows), None)
    account = known.catalogue.account(number.account_id) if number and number.account_id is not None else None
    page: Json = {"account": account.number, "account_id": account.account_id} if account is not None else {}
    if number is not None:
        page |= {"e164": number.e164, "number": f"{number.e164} is ours and leads to {number.target_kind or 'nothing'}"}
    page |= _arriving_levels(question, known, account)
    if isinstance(call, Refused):
        return page | refused_page(call)
    page |= _leg(call.arriving, question, known)
    page.pop("full")
    return page | _forward(call, question, known, account)


def _arriving_levels(question: Question, known: Known, account: Account | None) -> Json:
    number = next(iter(known.catalogue.number_rows), None)
    chain = chain_of(known.catalogue, account) if account is not None else None
    if number is None or chain is None or isinstance(chain, Refused):
        return {}
    prices = price_inbound(known.catalogue, chain, number.e164, question.at)
    if isinstance(prices, Refused):
        return {}
    priced = {price.account.account_id for price in prices}
    free = [
        {"account_id": one.account_id, "account": one.number, "company_id": one.company_id}
        for one in chain
        if one.account_id not in priced
    ]
    levels = levels_steps(known, prices, "inbound", question.at, question.seconds)
    return {"levels": levels, "free": free}


def _forward(call: InboundCall, question: Question, known: Known, account: Account | None) -> Json:
    if call.forward is None:
        return {}
    leg = _leg(call.forward, question, known)
    by = known.catalogue.phone_by_id(call.forward.phone_id) if call.forward.phone_id is not None else None
    leg |= class_steps(known.catalogue, account, by, call.forward.e164, question.at)
    leg |= _sold(question, known, call.forward.e164, account, leg.pop("full"))
    refusal: Json = {name: leg[name] for name in ("refused", "detail", "why", "remedy") if name in leg}
    return {"forward": leg, **refusal}


def _which_phone(caller: str, known: Known) -> Json:
    """Several telephones go by that word, or none: then those that look like it."""
    several = sorted(phone.endpoint for phone in known.phones)
    detail = f"{len(several)} telephones are called {caller}" if several else f"no telephone is called {caller}"
    near = several or near_phones(known.others, caller)
    return refused_page(Refused(Reason.UNKNOWN_PHONE, detail)) | {"near": near}


def refused_page(refused: Refused) -> Json:
    """Why a call would not start, and what helps."""
    words = words_of(refused.reason.value)
    return {"refused": refused.reason.value, "detail": refused.detail, "why": words.why, "remedy": words.remedy}
