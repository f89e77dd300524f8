from datetime import UTC

from odoo import api, fields, models
from odoo.addons.telecom_base.tools.roles import COSTS, PRICES_AND_OUTSIDE
from odoo.exceptions import UserError, ValidationError

from telecom_switch_bridge.explain.answer import explain
from telecom_switch_bridge.explain.rows import DEFAULT_GRANT_S, Question, read
from telecom_switch_bridge.explain.statements import named_statement
from telecom_switch_bridge.explain.typed import Misused, typed_number

LONGEST_S = 14_400  # MAX_CALL_S of the bridge: no call is longer
OF_ROUTES = {"no_route", "unprofitable"}


class TelecomPriceAndRoute(models.TransientModel):
    """What would a call cost everybody, how would it go, or why not: by the services that decide live calls.

    Reads only the rows of the number (telecom_switch_bridge.explain.rows). Everybody sees the levels whose accounts
    they may read; carriers and costs only those who see costs, prices only those who see prices (Support does not).
    """

    _name = "telecom.price.and.route"
    _description = "Price and Route"
    _longest_s = LONGEST_S

    way = fields.Selection(
        [("outbound", "A customer calls"), ("inbound", "A carrier calls our number")],
        string="Call",
        required=True,
        default="outbound",
    )
    account_id = fields.Many2one(
        "telecom.billing.account", help="The first telephone of the account calls, unless one is chosen."
    )
    phone_id = fields.Many2one(
        "telecom.phone", string="Telephone", domain="account_id and [('account_id', '=', account_id)] or []"
    )
    trunk_id = fields.Many2one("telecom.trunk", string="Comes by Trunk")
    number = fields.Char(help="As it is dialled, with or without spaces, dashes and brackets.")
    called_at = fields.Datetime(
        string="When",
        required=True,
        default=fields.Datetime.now,
        help="Plans, prices and decks that hold then are used; limits and balances are those of now.",
    )
    seconds = fields.Integer(string="Duration (s)", required=True, default=60, help="Answered seconds, up to 14,400.")
    is_refused = fields.Boolean(compute="_compute_answer")
    sentence = fields.Char(compute="_compute_answer", string="Result")
    steps = fields.Html(compute="_compute_answer", sanitize=False)  # own template

    def _compute_display_name(self):
        """Name the page in the breadcrumb."""
        self.display_name = self.env._("Price and Route")

    @api.constrains("seconds")
    def _check_seconds(self):
        for asked in self:
            if not 0 <= asked.seconds <= LONGEST_S:
                raise ValidationError(self.env._("Give a duration of 0 to 14,400 seconds (four hours)."))

    @api.onchange("phone_id")
    def _onchange_phone_id(self):
        if self.phone_id:
            self.account_id = self.phone_id.account_id

    @api.onchange("account_id")
    def _onchange_account_id(self):
        if self.phone_id.account_id != self.account_id:
            self.phone_id = False

    @api.depends("way", "account_id", "phone_id", "trunk_id", "number", "called_at", "seconds")
    def _compute_answer(self):
        for asked in self:
            asked.update({"is_refused": False, "sentence": False, "steps": False})
            if not asked.number or not asked.called_at or (asked.way == "outbound" and not asked._has_caller()):
                continue
            try:
                page = asked.answer()
            except UserError as error:
                asked.update({"is_refused": True, "sentence": str(error)})
                continue
            asked.is_refused = "refused" in page
            asked.sentence = asked._sentence(page)
            asked.steps = self.env["ir.qweb"]._render("telecom_switch.price_and_route_steps", asked._shown(page))

    @api.model
    def _open(self, defaults):
        """Return the action that asks, with what is known already."""
        action = self.env["ir.actions.act_window"]._for_xml_id("telecom_switch.action_price_and_route")
        return {**action, "context": defaults}

    def _has_caller(self):
        return bool(self.phone_id or self.account_id)

    def answer(self):
        """Return what `./bss explain --json` says, without what this user may not see. UserError for a bad question."""
        self.ensure_one()
        if not 0 <= self.seconds <= LONGEST_S:
            raise UserError(self.env._("Give a duration of 0 to 14,400 seconds (four hours)."))
        try:
            to = typed_number(self.number or "")
        except Misused as error:
            raise UserError(str(error)) from error
        at = self.called_at.replace(tzinfo=UTC)
        question = Question(self._caller(), to, at, self.seconds, self._grant_s())
        known = self._read(question)
        page = explain(question, known)
        return self._visible(page, [account.account_id for account in known.catalogue.account_rows])

    def _grant_s(self):
        """Return the seconds that the bridge heard last grants at first; the product's own before any was heard."""
        self.env.cr.execute(
            "select (info ->> 'grant_s')::integer from telecom_switch_node where info ? 'grant_s'"
            " order by heartbeat_at desc limit 1"
        )
        found = self.env.cr.fetchone()
        return found[0] if found else DEFAULT_GRANT_S

    def _caller(self):
        """Return who calls, as the switch knows them; the user must be allowed to read it."""
        if self.way == "inbound":
            trunk = self.trunk_id or self.env["telecom.trunk"].search([], limit=1)
            if not trunk:
                raise UserError(self.env._("There is no trunk that a call could come by. Add one first."))
            trunk.check_access("read")
            return f"trunk-{trunk.id}"
        phone = self.phone_id or self.env["telecom.phone"].search(
            [("account_id", "=", self.account_id.id)], order="extension, id", limit=1
        )
        if not phone:
            raise UserError(self.env._("Account %s has no telephone that could call.", self.account_id.number))
        phone.check_access("read")
        return phone.sip_username

    def _read(self, question):
        """Read the rows of the seam that the question needs, in this transaction."""
        self.env.flush_all()
        reading = read(question)
        rows = None
        while True:
            try:
                name, values = next(reading) if rows is None else reading.send(rows)
            except StopIteration as end:
                return end.value
            parameters = {f"p{place}": value for place, value in enumerate(values, start=1)}
            # pylint: disable=sql-injection  # statements of the bridge's own files; values are parameters
            self.env.cr.execute(named_statement(name), parameters)
            rows = self.env.cr.dictfetchall()

    def _visible(self, page, chain):
        """Leave out levels, carriers and costs that this user may not see."""
        accounts = self.env["telecom.billing.account"].search([("id", "in", chain)])
        legs = [page, *([page["forward"]] if "forward" in page else [])]
        for leg in legs:
            for part in {"levels", "fraud_rules"} & set(leg):
                leg[part] = [one for one in leg[part] if one["account_id"] in accounts.ids]
            if "credit" in leg:
                seen = [one for one in leg["credit"]["levels"] if one["account_id"] in accounts.ids]
                leg["credit"] = {**leg["credit"], "levels": seen}
            if "classes" in leg:
                leg["classes"] = [one for one in leg["classes"] if self._shows_class(one, accounts)]
            if "limits" in leg:
                leg["limits"] = [one for one in leg["limits"] if self._may_see(one["on"], accounts)]
                leg["rates"] = [one for one in leg["rates"] if self._may_see(one["on"], accounts)]
        hides = len(accounts) < len(chain) and "near" not in page
        if not self.env.user.has_group(COSTS):
            hides = hides or page.get("refused") in OF_ROUTES
            for leg in legs:
                leg.pop("route", None)
                leg.pop("routes", None)
        if hides and "refused" in page:
            for leg in legs:
                leg.pop("detail", None)
        if not self.env.user.has_groups(PRICES_AND_OUTSIDE):
            _drop_prices(page, legs)
        if "free" in page:
            page["free"] = [one for one in page["free"] if one["account_id"] in accounts.ids]
        return page

    def _shows_class(self, check, accounts):
        """Return whether a class of service is this user's business: its own, or one that its company has given."""
        account = accounts.filtered(lambda one: one.id == check["account_id"])
        return bool(account) and (check["set_by"] == "customer" or account.company_id in self.env.companies)

    def _may_see(self, counted_on, accounts):
        """Return whether a limit is this user's business: of an account that they read, of the number, of a trunk."""
        kind, _colon, key = counted_on.removeprefix("out:").removeprefix("in:").partition(":")
        if kind == "account":
            return int(key) in accounts.ids
        return kind == "number" or self.env.user.has_group(COSTS)

    def _sentence(self, page):
        """Return the result in one sentence."""
        if "refused" in page:
            detail = f" ({page['detail']})" if page.get("detail") else ""
            return self.env._(
                "Refused: %(why)s%(detail)s. Remedy: %(remedy)s.", why=page["why"], detail=detail, remedy=page["remedy"]
            )
        leg = page.get("forward", page)
        levels = leg.get("levels") or page.get("levels") or []
        if "prices_hidden" in page:
            return self.env._("The call starts (%(kind)s).", kind=page["direction"])
        names = self._names(page)
        paid = ", ".join(f"{names[level['account_id']]} {level['gross']} {level['currency']}" for level in levels)
        if not paid:
            return self.env._(
                "The call starts (%(kind)s). It costs none of the accounts shown.", kind=page["direction"]
            )
        granted = leg["credit"]["granted_s"] or page["credit"]["granted_s"]
        if granted is None:
            return self.env._("The call starts. %(seconds)s s cost: %(paid)s.", seconds=page["seconds"], paid=paid)
        return self.env._(
            "The call starts, with %(granted)s s at first. %(seconds)s s cost: %(paid)s.",
            granted=granted,
            seconds=page["seconds"],
            paid=paid,
        )

    def _shown(self, page):
        """Return the values of the template: the legs, with names for the ids that are in them."""
        legs = [(False, page)] + ([(self.env._("The call goes on to"), page["forward"])] if "forward" in page else [])
        return {
            "page": page,
            "legs": legs,
            "names": self._names(page),
            "providers": {account.id: account.company_id.name for account in self._shown_accounts_sudo(page)},
            "limit_name": self._limit_name,
        }

    def _names(self, page):
        """Return {account id: name}: an account's number says little, each provider counts its own."""
        return {account.id: account.name for account in self._shown_accounts_sudo(page)}

    def _shown_accounts_sudo(self, page):
        """Return the accounts that are left in the page: those that the user may see, with what names them."""
        legs = [page, *([page["forward"]] if "forward" in page else [])]
        lines = [line for leg in legs for part in ("levels", "free") for line in leg.get(part, [])]
        return self.env["telecom.billing.account"].browse({line["account_id"] for line in lines}).sudo()

    def _limit_name(self, counted_on):
        """Return what a limit is on, in words."""
        way, _colon, rest = counted_on.partition(":")
        kind, _colon, key = rest.partition(":") if way in ("out", "in") else (way, "", rest)
        if kind == "account":
            account = self.env["telecom.billing.account"].browse(int(key)).sudo()  # checked by _may_see
            words = {"out": self.env._("calls out of"), "in": self.env._("calls in to")}
            return f"{words.get(way, self.env._('new calls a second of'))} {account.number}"
        return self.env._("this number") if kind == "number" else self.env._("trunk %s", key)


def _drop_prices(page, legs):
    """Leave whether the call starts and which limits count: no amount, and no text that names one."""
    page["prices_hidden"] = True
    page.pop("free", None)
    for leg in legs:
        leg.pop("levels", None)
        payers = leg.pop("credit", {}).get("levels", ())
        poor = next((one for one in payers if not one["enough"]), {})
        if leg.get("refused") in ("no_credit", "spend_limit") and poor.get("rule") != "locked":
            leg.pop("detail", None)
