"""`explain FROM TO`: what a call would cost everybody and how it would go, by the very code that decides live calls."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from .config import Settings
from .core.explain import explain_call, explain_tariff
from .core.money import format_micro
from .core.numbers import Refusal, normalise_dialled
from .core.rating import answered_seconds, price_call, with_tax
from .explain_input import find_phones, near_phones, typed_number
from .observe.log import Log
from .ports import CallRequest, CallTerms, Decision, Reason, Refused
from .refusals import words_of
from .services.limits import call_counts, full_names, trunk_name, within_limits
from .services.plan_routes import Routing
from .services.prepare_call import prepare_call, price_and_route
from .services.price_chain import LevelPrice, chain_of
from .store.catalogue import LoadedCatalogue
from .store.database import Database
from .store.load_catalogue import CatalogueLoader, check_contract
from .store.queries import query

CALL_REF = "explain-0.0-1"
US = 1_000_000


async def explain(  # noqa: PLR0917  the command's own arguments
    settings: Settings, caller: str, to: str, at: datetime | None, seconds: int, as_json: bool
) -> int:
    """Print it; 0, or 1 when the call would be refused. Misused when `to` is no number."""
    to = typed_number(to)
    database = Database(settings.dsn, application="bss-bridge explain")
    try:
        await check_contract(database)
        catalogue = await CatalogueLoader(database, Log("explain")).load(None, ())
        living = {row["counted_on"]: row["living"] for row in await database.fetch(query("call_counts"))}
    finally:
        await database.close()
    page = explanation(catalogue, caller, to, at or datetime.now(UTC), seconds, living)
    print(json.dumps(page, indent=2) if as_json else "\n".join(_lines(page)))
    return 1 if "refused" in page else 0


def explanation(  # noqa: PLR0917  the command's own arguments
    catalogue: LoadedCatalogue, caller: str, to: str, at: datetime, seconds: int, living: Mapping[str, int]
) -> dict[str, Any]:
    """The whole answer as plain values; amounts as decimal text. `living`: calls by what they count on."""
    phones = find_phones(catalogue.phone_rows, caller)
    page: dict[str, Any] = {"from": phones[0].endpoint if len(phones) == 1 else caller, "to": to, "at": at.isoformat()}
    if len(phones) != 1:
        return page | _which_phone(catalogue, caller, [phone.endpoint for phone in phones])
    request = CallRequest(page["from"], to, 1, "", CALL_REF, "")
    terms = prepare_call(request, catalogue=catalogue, now=at)
    if isinstance(terms, Refused):
        return page | _refused(terms.reason, terms.detail)
    counts = call_counts(terms, catalogue)
    page["limits"] = [
        {"on": one.name, "living": living.get(one.name, 0), "most": one.most}
        for one in dict.fromkeys((*counts.on, *counts.trunks))
        if one.most is not None
    ]
    full = full_names(counts, living)
    planned, terms = terms, within_limits(terms, counts, living)
    if isinstance(terms, Refused):
        return page | _refused(terms.reason, terms.detail)
    page |= {"decision": terms.decision.value, "seconds": seconds, "routes": [route.dial for route in terms.routes]}
    if terms.decision is not Decision.EXTERNAL:
        return page
    return page | _priced(catalogue, request, planned, at, seconds, full)


def _priced(  # noqa: PLR0917
    catalogue: LoadedCatalogue,
    request: CallRequest,
    terms: CallTerms,
    at: datetime,
    seconds: int,
    full: tuple[str, ...],
) -> dict[str, Any]:
    """Levels and routes once more, with everything that was looked at on the way."""
    account = catalogue.account(terms.account_id or 0)
    assert account is not None
    chain = chain_of(catalogue, account)
    assert not isinstance(chain, Refused)
    found = price_and_route(chain, terms.e164, request.call_ref, catalogue=catalogue, now=at)
    assert not isinstance(found, Refused)
    prices, routing = found
    return {
        "e164": terms.e164,
        "number": _number_source(terms, account.country_code, account.national_prefix, account.international_prefix),
        "levels": [_level(price, at, seconds) for price in prices],
        "route": _route(catalogue, routing, at, seconds, full),
    }


def _number_source(terms: CallTerms, country_code: str, national: str, international: str) -> str:
    read = normalise_dialled(terms.dialled, country_code, national, international)
    assert not isinstance(read, Refusal)
    return f"{terms.dialled} read with country code {country_code}, national prefix {national!r}: {read}"


def _level(price: LevelPrice, at: datetime, seconds: int) -> dict[str, Any]:
    priced = price_call(price.tariff, at, seconds)
    taxed = with_tax(priced, price.account.tax_ppm)
    return {
        "account": price.account.number,
        "account_id": price.account.account_id,
        "company_id": price.account.company_id,
        "currency": price.account.currency,
        "source": _source(price),
        "destination": price.destination.name,
        "net": format_micro(taxed.net_micro),
        "tax": format_micro(taxed.tax_micro),
        "gross": format_micro(taxed.gross_micro),
        "billed_s": priced.billed_s,
        "tariff": explain_tariff(price.tariff),
        "steps": explain_call(priced, seconds, price.account.tax_ppm),
    }


def _source(price: LevelPrice) -> str:
    """Where the tariff comes from, in words."""
    plan, rate = price.plan, price.rate
    if rate is None:
        percent, amount = plan.default_percent_micro or 0, plan.default_absolute_micro or 0
        by = f"{format_micro(percent)} %" if plan.default_method == "percent" else f"{format_micro(amount)} per minute"
        return f"plan {plan.plan_id}, default mark-up {by} on the level above"
    target = "destination" if rate.destination_id is not None else "group"
    if rate.method == "fixed":
        return f"plan {plan.plan_id}, rate {rate.rate_id} of the {target}"
    by = (
        f"{format_micro(rate.percent_micro or 0)} %"
        if rate.method == "percent"
        else f"{format_micro(rate.absolute_micro or 0)} per minute"
    )
    return f"plan {plan.plan_id}, rate {rate.rate_id} of the {target}: mark-up {by} on the level above"


def _route(
    catalogue: LoadedCatalogue, routing: Routing, at: datetime, seconds: int, full: tuple[str, ...]
) -> dict[str, Any]:
    entry = routing.entry
    tried = []
    skipped = []
    for route, ordered in zip(routing.routes, routing.ordered.routes, strict=False):
        carrier = catalogue.carrier(route.carrier_id or 0)
        assert carrier is not None and route.tariff is not None and route.trunk_id is not None
        if trunk_name(route.trunk_id) in full:
            skipped.append({"trunk": f"trunk-{route.trunk_id}", "reason": "no free channel"})
            continue
        cost = price_call(route.tariff, at, answered_seconds(seconds * US, route.duration_rule))
        tried.append(
            {
                "carrier": carrier.name,
                "dial": route.dial,
                "currency": carrier.currency,
                "cost": format_micro(cost.cost_micro),
                "expected_cost": format_micro(ordered.expected_cost_micro),
                "steps": explain_call(cost, seconds),
            }
        )
    dropped = [
        {"trunk": f"trunk-{one.candidate.trunk_id}", "reason": one.reason.value} for one in routing.ordered.dropped
    ]
    return {
        "entry": entry.route_id,
        "prefix": entry.prefix,
        "rule": entry.rule,
        "expected_s": entry.expected_s,
        "tried": tried,
        "dropped": skipped + dropped,
    }


def _which_phone(catalogue: LoadedCatalogue, caller: str, several: list[str]) -> dict[str, Any]:
    """Several telephones go by that word, or none: then those that look like it."""
    detail = f"{len(several)} telephones are called {caller}" if several else f"no telephone is called {caller}"
    near = sorted(several) or near_phones(catalogue.phone_rows, caller)
    return _refused(Reason.UNKNOWN_PHONE, detail) | {"near": near}


def _refused(reason: Reason, detail: str) -> dict[str, Any]:
    words = words_of(reason.value)
    return {"refused": reason.value, "detail": detail, "why": words.why, "remedy": words.remedy}


def _refusal_lines(page: dict[str, Any], limits: list[str]) -> list[str]:
    lines = [
        f"{page['from']} calls {page['to']} at {page['at']}",
        *limits,
        f"refused: {page['refused']} - {page['why']} ({page['detail']})",
    ]
    if "near" in page:
        lines.append(f"did you mean: {', '.join(page['near']) or 'there are no telephones'}")
    return [*lines, f"remedy: {page['remedy']}"]


def _lines(page: dict[str, Any]) -> list[str]:
    limits = [f"limit {one['on']}: {one['living']} of {one['most']} in use" for one in page.get("limits", ())]
    if "refused" in page:
        return _refusal_lines(page, limits)
    lines = [f"{page['from']} calls {page['to']} at {page['at']}: {page['decision']}, {page['seconds']} s answered"]
    lines += limits
    if "levels" not in page:
        return [*lines, *(f"  dials {dial}" for dial in page["routes"])]
    lines.append(f"number: {page['number']}")
    for number, level in enumerate(page["levels"]):
        who = f"account {level['account']} of company {level['company_id']}"
        lines += ["", f"level {number}: {who} pays {level['gross']} {level['currency']} ({level['destination']})"]
        lines += [f"  {line}" for line in (level["source"], *level["tariff"], *level["steps"])]
    route = page["route"]
    lines += [
        "",
        f"route entry {route['entry']} (prefix {route['prefix']!r}): {route['rule']}, {route['expected_s']} s",
    ]
    for number, tried in enumerate(route["tried"], start=1):
        lines.append(f"  {number}. {tried['carrier']} {tried['dial']}: costs {tried['cost']} {tried['currency']}")
        lines += [f"     {line}" for line in tried["steps"]]
    return lines + [f"  not tried: {one['trunk']} ({one['reason']})" for one in route["dropped"]]
