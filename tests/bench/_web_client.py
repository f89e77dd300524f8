"""What a browser asks Odoo for when somebody opens a page, without the browser."""

import json
import urllib.request
from http.cookiejar import CookieJar
from typing import Any

PAGE_ROWS = 80
PATIENCE_S = 120


class WebClient:
    """One person, logged in, with all companies ticked that the person has."""

    def __init__(self, url: str, database: str, login: str, password: str) -> None:
        self._url = url
        self._open = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar())).open
        self._specifications: dict[str, Any] = {}
        found = self._ask("/web/session/authenticate", {"db": database, "login": login, "password": password})
        assert found["uid"], f"{login} cannot log in"
        self.uid = found["uid"]
        companies = self.call("res.users", "read", [[self.uid], ["company_ids"]])[0]["company_ids"]
        self._context = {"allowed_company_ids": companies, "lang": "en_US", "tz": "Europe/Berlin"}

    def open_list(self, model: str, domain: list[Any]) -> None:
        """The first page of a list with the columns of its view, and how many there are; it must not be empty."""
        found = self.call(model, "web_search_read", [domain, self._specification(model)], limit=PAGE_ROWS)
        assert found["records"] or model == "telecom.live.call", f"{model} has no rows"

    def call(self, model: str, method: str, args: list[Any], **kwargs: Any) -> Any:
        """Result of a method; PermissionError when the person may not."""
        context = getattr(self, "_context", {})
        params = {"model": model, "method": method, "args": args, "kwargs": {"context": context, **kwargs}}
        return self._ask(f"/web/dataset/call_kw/{model}/{method}", params)

    def _specification(self, model: str) -> Any:
        """Fields of the model's list as the web client asks for them."""
        if model not in self._specifications:
            views = self.call(model, "get_views", [[[False, "list"]]])
            known = views["models"][model]["fields"]
            self._specifications[model] = {
                name: {"fields": {"display_name": {}}} if field["type"] == "many2one" else {}
                for name, field in known.items()
                if f'name="{name}"' in views["views"]["list"]["arch"]
            }
        return self._specifications[model]

    def _ask(self, path: str, params: Any) -> Any:
        body = json.dumps({"jsonrpc": "2.0", "method": "call", "params": params}).encode()
        request = urllib.request.Request(self._url + path, body, {"Content-Type": "application/json"})  # noqa: S310
        with self._open(request, timeout=PATIENCE_S) as answer:
            found = json.load(answer)
        if "error" in found:
            data = found["error"]["data"]
            raise (PermissionError if data["name"].endswith("AccessError") else AssertionError)(data["message"])
        return found["result"]
