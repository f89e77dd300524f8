"""Who holds rows in the probe, who looks at them, and whose names each of them may meet.

To the tree of `test_telecom` (owner, north and far; direct, acme, harbour and island) every tenant adds a `...house`
(what is its own business) and a `...front` (what it shows to its customers and visitors). `nobody` holds rows without
a company: they are common to the owner's companies.
"""

import re
from dataclasses import dataclass

from odoo.addons.test_telecom.tests.worlds import CUSTOMERS, RESELLERS, mark

TENANTS = ("owner", *RESELLERS)
HOUSES = tuple(f"{tenant}house" for tenant in TENANTS)
FRONTS = tuple(f"{tenant}front" for tenant in TENANTS)
PARTIES = frozenset((*TENANTS, *HOUSES, *FRONTS, *CUSTOMERS, "nobody"))
MARK = re.compile(mark("([a-z]+)"))


def whole(tenant):
    """Return all parties that are a tenant's business, its customers among them."""
    served = {party for party, provider in CUSTOMERS.items() if provider == tenant}
    return {tenant, f"{tenant}house", f"{tenant}front", *served}


def named_in(text):
    """Return the parties whose mark is in a text."""
    return set(MARK.findall(text))


@dataclass(frozen=True)
class Role:
    """A kind of user: its groups, the party it belongs to, the companies it may choose, the parties it may meet."""

    name: str
    groups: tuple[str, ...]
    party: str
    companies: tuple[str, ...]
    meets: frozenset[str]

    @property
    def strangers(self):
        """The parties of which nothing may come out."""
        return PARTIES - self.meets


def _staff(name, *groups):
    """A person of the owner who was left only two companies: the third is as foreign to it as to an outsider."""
    meets = frozenset(whole("owner") | whole("north") | {"far", "nobody"})
    return Role(f"owner's {name}", groups, "owner", ("owner", "north"), meets)


def _customer(name, group, party, provider):
    return Role(name, (f"telecom_base.{group}",), party, (provider,), frozenset({party, provider, f"{provider}front"}))


def _reseller(name, *groups):
    return Role(name, groups, "north", ("north",), frozenset(whole("north") | {"owner"}))


ROLES = (
    Role(
        "owner's administrator",
        ("telecom_base.group_admin",),
        "owner",
        TENANTS,
        PARTIES,
    ),
    _staff("accountant", "telecom_base.group_accountant", "account.group_account_manager"),
    _staff("pricing manager", "telecom_base.group_pricing", "product.group_product_manager"),
    _staff("support", "telecom_base.group_support"),
    _staff("auditor", "telecom_base.group_auditor", "account.group_account_readonly"),
    _reseller("reseller admin", "telecom_base.group_reseller_admin"),
    _reseller("reseller accountant", "telecom_base.group_reseller_accountant"),
    _reseller("reseller support", "telecom_base.group_reseller_support"),
    _customer("customer admin", "group_customer_admin", "acme", "north"),
    _customer("customer user", "group_customer_user", "acme", "north"),
    _customer("owner's own customer", "group_customer_admin", "direct", "owner"),
    Role("visitor", ("base.group_public",), "owner", ("owner",), frozenset({"owner", "ownerfront"})),
    # Nobody but the owner's staff is an internal user; should the owner make one exception, this is what it opens
    _reseller(
        "reseller's employee",
        "base.group_user",
        "base.group_partner_manager",
        "mail.group_mail_template_editor",
        "account.group_account_manager",
        "product.group_product_manager",
    ),
)
