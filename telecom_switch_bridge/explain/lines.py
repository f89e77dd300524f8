"""The answer as lines for a terminal."""

from collections.abc import Iterator
from typing import Any

Json = dict[str, Any]


def lines_of_page(page: Json) -> list[str]:
    """All lines: what happens, limits, number, levels with their credit, route."""
    head = f"{page['from']} calls {page['to']} at {page['at']}"
    if "refused" not in page:
        head += f": {page['decision']}, {page['seconds']} s answered"
    lines = [head, *_limits(page)]
    if "refused" in page:
        lines += _refusal(page)
    lines += [f"number: {page['number']}"] if "number" in page else []
    lines += [*_classes(page), *_fraud_rules(page), *_levels(page), *_grant(page), *_route(page)]
    if "forward" in page:
        lines += ["", f"goes on to {page['forward'].get('e164', 'a number outside')}:"]
        lines += [
            f"  {line}" for line in (*_levels(page["forward"]), *_grant(page["forward"]), *_route(page["forward"]))
        ]
    return lines


def _limits(page: Json) -> Iterator[str]:
    for leg in (page, page.get("forward", {})):
        for one in leg.get("limits", ()):
            yield f"limit {one['on']}: {one['living']} of {one['most']} in use"
        for one in leg.get("rates", ()):
            yield f"limit {one['on']}: {one['most']} new calls a second at each node (not looked at here)"


def _refusal(page: Json) -> Iterator[str]:
    yield f"refused: {page['refused']} - {page['why']} ({page['detail']})"
    if "near" in page:
        yield f"did you mean: {', '.join(page['near']) or 'there are no telephones'}"
    yield f"remedy: {page['remedy']}"


def _classes(page: Json) -> Iterator[str]:
    for leg in (page, page.get("forward", {})):
        yield from (f"class of service: {one['why']}" for one in leg.get("classes", ()))


def _fraud_rules(page: Json) -> Iterator[str]:
    for leg in (page, page.get("forward", {})):
        yield from (f"account {one['account']}: {one['why']}" for one in leg.get("fraud_rules", ()))


def _levels(page: Json) -> Iterator[str]:
    for level in page.get("levels", ()):
        who = f"account {level['account']} of company {level['company_id']}"
        yield ""
        yield f"level {level['level']}: {who} pays {level['gross']} {level['currency']} ({level['destination']})"
        yield f"  {level['source']}"
        yield f"  the account has this plan {level['plan_since']}"
        if "included" in level:
            left_s, covers_s = level["included"]["left_s"], level["included"]["covers_s"]
            left = f"{left_s // 60} min {left_s % 60} s"
            yield f"  included minutes: {left} are left, they pay for {covers_s} s of the call"
        yield from (f"  {line}" for line in (*level["tariff"], *level["steps"]))
    for one in page.get("free", ()):
        who = f"account {one['account']} of company {one['company_id']}"
        yield f"{who} pays nothing for calls to its number: no inbound plan, or no price in it"


def _grant(page: Json) -> Iterator[str]:
    credit = page.get("credit")
    if credit is None or credit["granted_s"] is None:
        return
    yield ""
    granted, wanted = credit["granted_s"], credit.get("wanted_s", 0)
    why = "" if granted == wanted else f" of {wanted} s wanted: no more is left"
    yield f"grant: {granted} s{why}"
    for one in credit["levels"]:
        made = f"balance {one['balance']} + limit {one['credit_limit']} - reserved {one['reserved']}"
        yield f"  account {one['account_id']}: {made} = {one['headroom']} {one['currency']}"
        if one["limit"] is not None:
            yield f"    {one['limit']}: {one['room']} {one['currency']} are left"
        yield f"    first charge needs {one['needs']}; sets aside {one['sets_aside']}"


def _route(page: Json) -> Iterator[str]:
    route = page.get("route")
    if route is None:
        if page.get("routes"):
            yield from (f"  dials {dial}" for dial in page["routes"])
        return
    yield ""
    yield f"route entry {route['entry']} (prefix {route['prefix']!r}): {route['rule']}, {route['expected_s']} s"
    yield f"  order: {route['order']}"
    yield f"  {route['expected_s']} s are sold at {route['sale']} {route['sale_currency']}; margin: {route['margin']}"
    if route["probes"]:
        yield "  one call in twenty takes no notice of quality: this one"
    for number, tried in enumerate(route["tried"], start=1):
        yield f"  {number}. {tried['carrier']} {tried['dial']}: costs {tried['cost']} {tried['currency']}"
        if tried["down"]:
            yield "     tried after all others: the trunk is down at present (Telecom > Carriers > SIP Trunks)"
        if tried["poor"]:
            least = route["least_quality"]
            yield f"     tried late: the route asks for a quality of {least} (Telecom > Carriers > Quality)"
        yield f"     {tried['quality']}"
        ranked = f"priority {tried['priority']}, weight {tried['weight']}"
        yield f"     {ranked}, expected call {tried['expected_cost']} {tried['expected_currency']}; {tried['deck']}"
        if tried["factor"] is not None:
            yield f"     held against the sale at {tried['factor']} {tried['expected_currency']} a {tried['currency']}"
        yield from (f"     {line}" for line in tried["steps"])
    yield from (f"  not tried: {one['trunk']} ({one['reason']})" for one in route["dropped"])
