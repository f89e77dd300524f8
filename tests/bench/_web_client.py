"""What a browser asks Odoo for when somebody opens a page, without the browser."""

import ast
import json
import re
import urllib.request
from dataclasses import dataclass
from http.cookiejar import CookieJar
from typing import Any
from urllib.parse import urlencode
from xml.etree import ElementTree as ET

PAGE_ROWS, CARD_ROWS, LINES_IN_FORM, COUNT_LIMIT = 80, 40, 40, 10_000
PATIENCE_S = 120
MANY = ("one2many", "many2many")
ROOM = {"list": PAGE_ROWS, "kanban": CARD_ROWS}


@dataclass(frozen=True)
class View:
    """A page of an action: its model, what is looked for, and the fields that are asked for."""

    model: str
    domain: list[Any]
    context: dict[str, Any]
    fields: dict[str, Any]
    count_limit: int


class WebClient:
    """One person, logged in; `all_companies` ticks every company that the person has, else only their own is."""

    def __init__(self, url: str, login: str, password: str, *, all_companies: bool = False) -> None:
        self._url = url
        self._open = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar())).open
        self._views: dict[tuple[str, str], View] = {}
        self._context: dict[str, Any] = {}
        uid = self._log_in(login, password)
        own = self.call("res.users", "read", [[uid], ["company_id", "company_ids"]])[0]
        companies = own["company_ids"] if all_companies else own["company_id"][:1]
        self._context = {"allowed_company_ids": companies, "lang": "en_US", "tz": "Europe/Berlin"}

    def rows(self, path: str, kind: str, limit: int = 0) -> list[int]:
        """Open a list or cards, found by the address of the action: ids of what its first page shows."""
        view = self._view(path, kind)
        found = self.call(
            view.model, "web_search_read", [], domain=view.domain, specification=view.fields,
            limit=limit or ROOM[kind], count_limit=view.count_limit + 1, context=view.context,
        )  # fmt: skip
        return [one["id"] for one in found["records"]]

    def form(self, path: str, record: int) -> None:
        """Open a record in its form."""
        view = self._view(path, "form")
        found = self.call(view.model, "web_read", [[record]], specification=view.fields, context=view.context)
        assert found, f"{path} has no record {record}"

    def call(self, model: str, method: str, args: list[Any], **kwargs: Any) -> Any:
        """Result of a method; PermissionError when the person may not."""
        kwargs["context"] = {**self._context, **kwargs.get("context", {})}
        params = {"model": model, "method": method, "args": args, "kwargs": kwargs}
        return self._ask(f"/web/dataset/call_kw/{model}/{method}", params)

    def get(self, path: str) -> None:
        """Fetch a page that the server draws; it must be that page and not, say, the log-in."""
        with self._open(self._url + path, timeout=PATIENCE_S) as answer:
            assert answer.status == 200, f"{path}: {answer.status}"
            assert answer.geturl().rstrip("/") == self._url + path, f"{path} leads to {answer.geturl()}"
            answer.read()

    def _log_in(self, login: str, password: str) -> int:
        """Fill in the log-in page; return the user's id."""
        with self._open(f"{self._url}/web/login", timeout=PATIENCE_S) as page:
            token = re.search(r'name="csrf_token" value="([^"]+)"', page.read().decode())
        assert token, "the log-in page has no form"
        form = urlencode({"csrf_token": token[1], "login": login, "password": password})
        with self._open(f"{self._url}/web/login", form.encode(), timeout=PATIENCE_S) as answer:
            said = re.search(r'class="alert alert-danger[^>]*>\s*([^<]+)', answer.read().decode())
            assert not said, f"{login}: {said and said[1].strip()}"
        uid: int = self._ask("/web/session/get_session_info", {})["uid"]
        assert uid, f"{login} cannot log in"
        return uid

    def _view(self, path: str, kind: str) -> View:
        if (path, kind) not in self._views:
            self._views[path, kind] = self._read_view(path, kind)
        return self._views[path, kind]

    def _read_view(self, path: str, kind: str) -> View:
        action = self._ask("/web/action/load", {"action_id": path, "context": self._context})
        wanted = next(([view, name] for view, name in action["views"] if name == kind), [False, kind])
        search = action["search_view_id"] or [False]
        found = self.call(action["res_model"], "get_views", [[wanted, [search[0], "search"]]], options={})
        context = _literal(action["context"])
        filters = _filters(found["views"]["search"]["arch"], context)
        arch = ET.fromstring(found["views"][kind]["arch"])  # noqa: S314
        fields = _specification(arch, action["res_model"], found["models"])
        count_limit = int(arch.get("count_limit", COUNT_LIMIT))
        return View(action["res_model"], [*_literal(action["domain"]), *filters], context, fields, count_limit)

    def _ask(self, path: str, params: Any) -> Any:
        body = json.dumps({"jsonrpc": "2.0", "method": "call", "params": params}).encode()
        request = urllib.request.Request(self._url + path, body, {"Content-Type": "application/json"})  # noqa: S310
        with self._open(request, timeout=PATIENCE_S) as answer:
            found = json.load(answer)
        if "error" in found:
            data = found["error"]["data"]
            raise (PermissionError if data["name"].endswith("AccessError") else AssertionError)(
                f"{path}: {data['message']}"
            )
        return found["result"]


def _literal(value: Any) -> Any:
    """A domain or context of an action: sent as it is, or as the text of it."""
    return ast.literal_eval(value) if isinstance(value, str) else value or {}


def _filters(arch: str, context: dict[str, Any]) -> list[Any]:
    """Domains of the filters that the action has on when it is opened."""
    on = {name.removeprefix("search_default_") for name in context if name.startswith("search_default_")}
    chosen = [one for one in ET.fromstring(arch).iter("filter") if one.get("name") in on]  # noqa: S314
    domains = [ast.literal_eval(one.get("domain", "[]")) for one in chosen]
    return [term for domain in domains for term in domain]


def _specification(node: ET.Element, model: str, models: dict[str, Any]) -> dict[str, Any]:
    """Fields of a view as the web client asks for them; lines in a form with the columns of their own list."""
    fields: dict[str, Any] = {}
    for child in node:
        name = child.get("name", "")
        if child.tag != "field":
            fields.update(_specification(child, model, models))
        elif name in models[model]["fields"]:
            fields[name] = _asked(child, models[model]["fields"][name], models)
    return fields


def _asked(node: ET.Element, field: dict[str, Any], models: dict[str, Any]) -> dict[str, Any]:
    if field["type"] == "many2one":
        return {"fields": {"display_name": {}}}
    if field["type"] not in MANY:
        return {}
    lines = next((child for child in node if child.tag in ("list", "kanban")), None)
    if lines is None:
        return {"fields": {"display_name": {}}, "limit": LINES_IN_FORM}
    return {"fields": _specification(lines, field["relation"], models), "limit": LINES_IN_FORM}
