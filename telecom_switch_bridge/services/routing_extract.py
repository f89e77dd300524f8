"""What a node needs to know when its bridge is silent: telephones, numbers and emergency routes (charging.md 15)."""

from ..dialplan_names import ASTDB_CLI, ASTDB_DID, ASTDB_EMERGENCY, ASTDB_ENDPOINT, ASTDB_EXTENSION
from ..ports import Catalogue, Refused
from ..values import ACTIVE, Account, Number, Phone
from .plan_routes import plan_emergency

Extract = dict[tuple[str, str], str]
"""Values by AstDB family and key."""


def routing_extract(
    phones: tuple[Phone, ...], numbers: tuple[Number, ...], accounts: tuple[Account, ...], catalogue: Catalogue
) -> Extract:
    """All entries of the extract. Suspended accounts keep their emergency routes only."""
    extract: Extract = {}
    for phone in phones:
        extract[ASTDB_ENDPOINT, phone.endpoint] = str(phone.account_id)
        if phone.cli_e164:
            extract[ASTDB_CLI, phone.endpoint] = phone.cli_e164
        if phone.state == ACTIVE:
            extract[ASTDB_EXTENSION, f"{phone.account_id}-{phone.extension}"] = phone.endpoint
    for number in numbers:
        phone_of_number = catalogue.phone(number.target_endpoint) if number.target_endpoint else None
        if phone_of_number is not None and phone_of_number.state == ACTIVE:
            extract[ASTDB_DID, number.e164] = phone_of_number.endpoint
    with_phones = {phone.account_id for phone in phones}
    for account in accounts:
        if account.account_id in with_phones:
            extract |= _emergency(account, catalogue)
    return extract


def _emergency(account: Account, catalogue: Catalogue) -> Extract:
    """First trunk of each emergency number; the silent dialplan tries one."""
    found: Extract = {}
    for dialled in account.emergency_numbers:
        routes = plan_emergency(catalogue, dialled)
        if not isinstance(routes, Refused):
            found[ASTDB_EMERGENCY, f"{account.account_id}-{dialled}"] = routes[0].dial
    return found
