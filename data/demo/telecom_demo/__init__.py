"""Makes the demo in an Odoo database: an owner, a reseller, four customers, prices, carriers, telephones, people."""

from .brands import load_brands
from .carriers import load_carriers
from .companies import load_accounts, load_companies
from .people import load_people
from .prices import load_destinations, load_plans, load_rates
from .records import Demo
from .telephones import load_number, load_phones


def load(env, known, far_sip):
    """Make what is missing and return (credentials, how many records were added).

    `known` is what an earlier run returned as credentials ({} at first): its passwords stay. `far_sip` is ip:port of
    the far end that plays the carriers; the trunks follow it.
    """
    demo = Demo(env)
    companies = load_companies(demo)
    demo.use_companies(companies.values())
    load_destinations(demo)
    load_accounts(demo, companies)
    load_brands(demo, companies)
    load_plans(demo, companies)
    load_rates(demo)
    load_carriers(demo, companies, far_sip)
    sip = load_phones(demo, known)
    load_number(demo)
    users = load_people(demo, companies, known)
    return {"users": users, "sip": sip}, demo.made
