"""Values with which people of resellers and customers can make a row, of every model that they may write."""

import base64

from odoo.addons.test_telecom.tests.worlds import CUSTOMERS

LATER = "2040-01-01 00:00:00"
EVEN_LATER = "2041-01-01 00:00:00"
PRICE_LIST = base64.b64encode(b"Destination,Price\nNowhere,0.01\n")


def samples(env, role, rows):
    """Return {model: values}; `env` is the superuser's. Rows that are missing for it are made."""
    worlds = rows.worlds
    customer = role.party if role.party in CUSTOMERS else "acme"
    account, company = worlds.accounts[customer], worlds.companies[CUSTOMERS[customer]]
    held = worlds.rows[customer]
    place = {"country_id": env.ref("base.uk").id, "tz": "Europe/London"}
    plan_id = min(worlds.rows[CUSTOMERS[customer]]["telecom.rate.plan"])
    outside = {"account_id": account.id, "external_number": "442079460777"}
    targets = env["telecom.dial.target"]
    target = targets.search([(name, "=", value) for name, value in outside.items()]) or targets.create(outside)
    rows.held[customer]["telecom.dial.target"].add(target.id)
    brand_id = min(worlds.rows[CUSTOMERS[customer]]["telecom.brand"])
    env.flush_all()  # what a try leaves to be computed is forgotten with it
    return {
        "telecom.brand.host": {"brand_id": brand_id, "name": "probe.example"},
        "telecom.brand.page": {"brand_id": brand_id, "kind": "login", "body": "{{content}}"},
        "telecom.phone": {"account_id": account.id, "name": "Probe", "extension": "791"},
        "telecom.phone.password": {"phone_id": min(held["telecom.phone"]), "sip_password": "long-enough-to-try"},
        "telecom.dial.target": {"account_id": account.id, "kind": "external", "external_number": "442079460778"},
        "telecom.ring.group": {"account_id": account.id, "name": "Probe"},
        "telecom.ring.group.member": {"group_id": min(held["telecom.ring.group"]), "target_id": target.id},
        "telecom.fraud.rule": {"name": "Probe", "company_id": company.id},
        "telecom.service.class": {"name": "Probe", "account_id": account.id},
        "telecom.service.rule": {"class_id": min(held["telecom.service.class"]), "kind": "prefix", "digits": "88813"},
        "telecom.rate.plan": {"name": "Probe", "company_id": company.id, "base": "explicit", "rounding_method": "up"},
        **_of_price_lists(worlds.rows[CUSTOMERS[customer]], plan_id),
        "telecom.rate": {"plan_id": plan_id, "destination_id": worlds.destination.id, "valid_from": LATER},
        **_of_hours(env, worlds, CUSTOMERS[customer], plan_id),
        "telecom.plan.assignment": {"account_id": account.id, "plan_id": plan_id, "valid_from": LATER},
        "telecom.plan.change": {"account_id": account.id, "plan_id": plan_id},
        "telecom.wallet.topup": {"account_id": account.id, "amount": 1.0, "reference": "Probe"},
        "telecom.wallet.reversal": {"entry_id": min(held["telecom.wallet.entry"]), "reference": "Probe"},
        "telecom.allowance": {
            "name": "Probe",
            "plan_id": plan_id,
            "minutes": 10,
        },
        "telecom.allowance.give": {
            "account_id": account.id,
            "allowance_id": max(worlds.rows[CUSTOMERS[customer]]["telecom.allowance"]),
            "reference": "Probe",
        },
        "telecom.office.customer": {"name": "Probe", **place},
        "telecom.reseller.wizard": {
            "name": "Probe",
            "provider_id": min(worlds.rows[CUSTOMERS[customer]]["telecom.tenant"]),
            "currency_id": company.currency_id.id,
            **place,
        },
    }


def _of_price_lists(held, plan_id):
    """Values of a reseller's price lists; nothing for who has none."""
    one = min(held["telecom.price.import"])
    return {
        "telecom.price.import": {"plan_id": plan_id, "file": PRICE_LIST, "filename": "probe.csv"},
        "telecom.price.import.column": {"import_id": one, "place": 9, "header": "Probe", "meaning": "ignore"},
        "telecom.price.import.problem": {"import_id": one, "line": 9, "reason": "Probe"},
        "telecom.price.export": {"plan_id": plan_id, "kind": "csv"},
    }


def _of_hours(env, worlds, provider, plan_id):
    """Values of a provider's hours and prices by time; a rate without a price in the band is made."""
    held = worlds.rows[provider]
    company = worlds.companies[provider]
    band, calendar = min(held["telecom.band"]), min(held["telecom.holiday.calendar"])
    rates = env["telecom.rate"]
    place = {"plan_id": plan_id, "destination_id": worlds.destination.id, "valid_from": EVEN_LATER}
    rate = rates.search([(name, "=", value) for name, value in place.items()], limit=1) or rates.create(
        {**place, "band_set_id": min(held["telecom.band.set"])}
    )
    env.flush_all()
    return {
        "telecom.rate.band": {"rate_id": rate.id, "band_id": band, "price": 0.01},
        "telecom.band.set": {"name": "Probe", "company_id": company.id},
        "telecom.band": {"name": "Probe", "set_id": min(held["telecom.band.set"])},
        "telecom.band.time": {"band_id": band, "kind": "holidays", "calendar_id": calendar},
        "telecom.holiday.calendar": {"name": "Probe", "company_id": company.id},
        "telecom.holiday": {"calendar_id": calendar, "date": "2041-01-01", "name": "Probe"},
        "telecom.holiday.import": {"calendar_id": calendar, "country_id": env.ref("base.uk").id},
    }
