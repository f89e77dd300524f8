from datetime import UTC, datetime
from functools import lru_cache

from odoo import fields, models
from odoo.addons.telecom_base.tools.amounts import from_micro
from odoo.exceptions import UserError

from telecom_switch_bridge.core.money import FACTOR_ONE
from telecom_switch_bridge.core.numbers import Refusal, normalise_dialled
from telecom_switch_bridge.core.price_walk import walk_prices
from telecom_switch_bridge.core.rating import (
    ChargeRule,
    Rounding,
    Step,
    Tariff,
    TariffError,
    always,
    charge_of,
    price_call,
)

from ..tools.digits import PUNCTUATION
from ..tools.week import price_by_time

LONGEST_CALL_S = 86_400
MINUTE_S = 60
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class TelecomBillingAccount(models.Model):
    """What calls cost an account: its own prices, worked out with raised rights from the plans above it."""

    _inherit = "telecom.billing.account"  # pylint: disable=consider-merging-classes-inherited  # split by verb

    def _price_lines(self, destinations=None):
        """Return the account's own prices now, a dict each, by destination name; `destinations`: only these.

        Amounts in units: `fee` and `price` a minute without tax, `gross_...` with it. None where it is not sold.
        """
        self.ensure_one()
        self.check_access("read")
        account_sudo = self.sudo()
        at = fields.Datetime.now()
        plan_sudo = account_sudo._plan_at("outbound", at)
        wanted_sudo = destinations.sudo() if destinations is not None else None
        levels = account_sudo._levels(plan_sudo, at, wanted_sudo)
        rule = account_sudo._charge_rule(plan_sudo, at, with_flat=False)
        lines = {}
        for keys, prefixes in account_sudo.env["telecom.price.list.line"]._places(wanted_sudo):
            if wanted_sudo is not None and keys[0][0] not in wanted_sudo._ids:
                continue
            line = {"destination_id": keys[0][0], "prefixes": sorted(prefixes)}
            line.update(_amounts_of(_walk(levels, keys, at), rule))
            lines.setdefault(keys[0][0], line)
        names = self.env["telecom.destination"].sudo().browse(list(lines))  # names of places are no secret
        for destination in names:
            lines[destination.id] |= {"name": destination.name, "group": destination.group_id.name}
        return sorted(lines.values(), key=lambda line: line["name"])

    def _price_of(self, number, seconds):
        """Return what a call of so many seconds to a number costs the account now, without tax and with it.

        Raises UserError when it cannot be called, or not by this account's prices.
        """
        self.ensure_one()
        self.check_access("read")
        if not 0 <= seconds <= LONGEST_CALL_S:
            raise UserError(self.env._("Give a duration of 0 to 86,400 seconds."))
        account_sudo, at = self.sudo(), fields.Datetime.now()
        e164 = account_sudo._e164_of(number)
        destinations = account_sudo.env["telecom.destination"]._by_number(e164)
        plan_sudo = account_sudo._plan_at("outbound", at)
        levels = account_sudo._levels(plan_sudo, at, destinations)
        price = _walk(levels, [(one.id, one.group_id.id) for one in destinations], at)
        rule = account_sudo._charge_rule(plan_sudo, at)
        if price is None or rule is None:
            raise UserError(self.env._("+%s cannot be called by your prices.", e164))
        call = price_call(price.tariff, at.replace(tzinfo=UTC), seconds)
        charge = charge_of(call, rule)
        net, gross = from_micro(charge.net_micro), from_micro(charge.gross_micro)
        name = account_sudo.env["telecom.destination"].browse(price.destination_id).name
        return {"e164": e164, "destination": name, "net": net, "gross": gross, "seconds": seconds}

    def _e164_of(self, number):
        """Return a number as people dial it at the account's home as E.164 without +. Raises UserError."""
        habits = self.env["telecom.numbering.plan"].search([("country_id", "=", self.country_id.id)])
        found = normalise_dialled(
            PUNCTUATION.sub("", number or ""),
            habits.country_code or "",
            habits.national_prefix or "",
            habits.international_prefix or "00",
        )
        if isinstance(found, Refusal):
            raise UserError(self.env._("%s is not a number that can be called.", number))
        return found

    def _levels(self, plan, at, destinations):
        """Return the plans of all levels as the price walk takes them; none when one of them is missing."""
        chain = plan._chain_sudo(at) if plan else []
        return plan._price_levels(chain, at.replace(tzinfo=UTC), destinations) if chain and all(chain) else []

    def _charge_rule(self, plan, at, *, with_flat=True):
        """Return currency and taxes of this account's calls, as the switch freezes them; None where a rate is missing.

        `with_flat`: with taxes that are an amount a call.
        """
        factor_e8 = plan.currency_id._telecom_factor_e8(self.currency_id, at) if plan else FACTOR_ONE
        if not factor_e8:
            return None
        taxes = self._mapped_taxes()._telecom_taxes()
        price_taxes = self.tax_ids._telecom_taxes() if self.price_tax_ids else ()
        if not with_flat:
            taxes, price_taxes = ([one for one in some if one.amount_type != "fixed"] for some in (taxes, price_taxes))
        return ChargeRule(tuple(taxes), tuple(price_taxes) or None, factor_e8)


def _amounts_of(price, rule):
    """Return the amounts of a price under an account's taxes; `is_sold` False for none."""
    if price is None or rule is None:
        return {"is_sold": False}
    band = price.tariff.bands[0]
    fee, minute = (_taxed(micro, rule) for micro in (band.connect_fee_micro, band.steps[0].price_micro))
    return {
        "is_sold": True,
        "fee": from_micro(fee.net_micro),
        "price": from_micro(minute.net_micro),
        "gross_fee": from_micro(fee.gross_micro),
        "gross_price": from_micro(minute.gross_micro),
        "first_s": band.steps[0].increment_s,
        "next_s": band.steps[-1].increment_s,
        "by_time": "; ".join(price_by_time(price.tariff)),
    }


def _walk(levels, places, at: datetime):
    """Return the price of the last level; None where any of them has none."""
    try:
        prices = list(walk_prices(levels, places, at.replace(tzinfo=UTC)))
    except TariffError:
        return None
    return prices[-1] if prices and None not in prices else None


@lru_cache(maxsize=8_192)
def _taxed(price_micro, rule):
    """Price without and with tax for people to read, at 6 decimals; a call is taxed on its whole cost."""
    tariff = Tariff("UTC", (always(0, [Step(0, price_micro, MINUTE_S, MINUTE_S)]),), Rounding("none"))
    return charge_of(price_call(tariff, EPOCH, MINUTE_S), rule)
