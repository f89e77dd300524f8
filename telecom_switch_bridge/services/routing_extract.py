"""What a node needs to know when its bridge is silent: telephones, numbers and emergency routes (charging.md 15)."""

from ..dialplan_names import ASTDB_CLI, ASTDB_DID, ASTDB_EMERGENCY, ASTDB_ENDPOINT, ASTDB_EXTENSION
from ..ports import Catalogue, Refused
from ..values import ACTIVE, Account, Number, Phone, RingGroup
from .follow_target import usable
from .plan_routes import plan_emergency

Extract = dict[tuple[str, str], str]
"""Values by AstDB family and key."""


def routing_extract(
    phones: tuple[Phone, ...],
    numbers: tuple[Number, ...],
    accounts: tuple[Account, ...],
    catalogue: Catalogue,
    *,
    groups: tuple[RingGroup, ...] = (),
) -> Extract:
    """All entries of the extract. Suspended accounts keep their emergency routes only.

    Nothing is forwarded in silence. Of a ring group its telephones ring, all at once, whatever it does otherwise.
    """
    extract: Extract = {}
    for phone in phones:
        extract[ASTDB_ENDPOINT, phone.endpoint] = str(phone.account_id)
        if phone.cli_e164:
            extract[ASTDB_CLI, phone.endpoint] = phone.cli_e164
        if phone.state == ACTIVE:
            extract[ASTDB_EXTENSION, f"{phone.account_id}-{phone.extension}"] = phone.endpoint
    ringing = {group.group_id: _telephones(group, catalogue) for group in groups}
    for group in groups:
        if group.extension and ringing[group.group_id]:
            extract[ASTDB_EXTENSION, f"{group.account_id}-{group.extension}"] = ringing[group.group_id]
    for number in numbers:
        if number.target_group_id is not None and ringing.get(number.target_group_id):
            extract[ASTDB_DID, number.e164] = ringing[number.target_group_id]
        phone_of_number = catalogue.phone(number.target_endpoint) if number.target_endpoint else None
        if phone_of_number is not None and phone_of_number.state == ACTIVE:
            extract[ASTDB_DID, number.e164] = phone_of_number.endpoint
    with_phones = {phone.account_id for phone in phones}
    for account in accounts:
        if account.account_id in with_phones:
            extract |= _emergency(account, catalogue)
    return extract


def _telephones(group: RingGroup, catalogue: Catalogue) -> str:
    """Endpoints of a ring group's telephones as the silent dialplan puts them behind `PJSIP/`; empty: it has none."""
    targets = (usable(catalogue, group.account_id, target_id) for target_id in group.target_ids)
    phones = (catalogue.phone(target.endpoint) for target in targets if target is not None and target.endpoint)
    return "&PJSIP/".join(phone.endpoint for phone in phones if phone is not None and phone.state == ACTIVE)


def _emergency(account: Account, catalogue: Catalogue) -> Extract:
    """First trunk of each emergency number; the silent dialplan tries one."""
    found: Extract = {}
    for dialled in account.emergency_numbers:
        routes = plan_emergency(catalogue, dialled)
        if not isinstance(routes, Refused):
            found[ASTDB_EMERGENCY, f"{account.account_id}-{dialled}"] = routes[0].dial
    return found
