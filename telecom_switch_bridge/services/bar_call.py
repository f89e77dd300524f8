"""May an account call a number outside at all? Classes of service of its telephone, of itself and of all above it.

Every level's class must allow it: nobody lifts what a provider bars. Emergency and internal calls are never asked here.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from ..core.class_of_service import ServiceClass, ServiceRule, Verdict
from ..ports import Catalogue, Reason, Refused
from ..values import Account, Phone


@dataclass(frozen=True, slots=True)
class ClassCheck:
    """What one class says. `set_by`: `customer` (of the telephone or of all its telephones) or `provider` of the
    account; `service_class` None: it is set and not known, which bars the call; `verdict` None: the number is the
    account's own."""

    level: int
    account: Account
    set_by: str
    class_id: int
    service_class: ServiceClass | None
    verdict: Verdict | None

    @property
    def allows(self) -> bool:
        """True when the call may go on as far as this class is concerned."""
        return self.verdict is None or self.verdict.allows


def barred(
    catalogue: Catalogue, chain: Sequence[Account], phone: Phone | None, e164: str, at: datetime
) -> Refused | None:
    """Refusal of the first class that bars a number; None when all allow it. `phone`: the one that leads outside."""
    if (phone is None or phone.class_id is None) and not _have_classes(catalogue, chain):
        return None
    for check in class_checks(catalogue, chain, phone, e164, at):
        if not check.allows:
            return Refused(Reason.BARRED, words_of_check(check))
    return None


def _have_classes(catalogue: Catalogue, chain: Sequence[Account]) -> bool:
    """Whether a class is set for an account of the chain, or for all its telephones; the same for all its calls."""
    key = ("classes", chain[0].account_id)
    found: bool = catalogue.keep(key, lambda: next(_asked(chain, None), None) is not None)
    return found


def class_checks(
    catalogue: Catalogue, chain: Sequence[Account], phone: Phone | None, e164: str, at: datetime
) -> Iterator[ClassCheck]:
    """Every class that has a say, the customer's own first, then its provider's and so on up the chain."""
    asked = list(_asked(chain, phone))
    if not asked:
        return
    number = catalogue.number(e164)
    is_own = number is not None and number.account_id == chain[0].account_id
    places = tuple(catalogue.dialled_places(e164))
    for level, account, set_by, class_id in asked:
        found = catalogue.service_class(class_id)
        verdict = None if is_own else found.judge(e164, places, at) if found is not None else Verdict(False, None)
        yield ClassCheck(level, account, set_by, class_id, found, verdict)


def _asked(chain: Sequence[Account], phone: Phone | None) -> Iterator[tuple[int, Account, str, int]]:
    own_id = phone.class_id if phone is not None and phone.class_id is not None else chain[0].own_class_id
    if own_id is not None:
        yield 0, chain[0], "customer", own_id
    for level, account in enumerate(chain):
        if account.class_id is not None:
            yield level, account, "provider", account.class_id


def words_of_check(check: ClassCheck) -> str:
    """What a class says, for staff: whose it is, and by which of its rules."""
    of = f"account {check.account.number}"
    if check.service_class is None:
        return f"class of service {check.class_id} of {of} is not known"
    by = "set by the provider of" if check.set_by == "provider" else "of"
    named = f"class {check.service_class.name!r} {by} {of}"
    if check.verdict is None:
        return f"{named}: the account's own number, always allowed"
    does = "allows" if check.verdict.allows else "blocks"
    rule = check.verdict.rule
    return f"{named} {does} it: {_words_of_rule(rule) if rule is not None else 'all other calls'}"


def _words_of_rule(rule: ServiceRule) -> str:
    target = {
        "number": f"number {rule.digits}",
        "prefix": f"prefix {rule.digits}",
        "destination": f"destination {rule.destination_id}",
        "group": f"destination group {rule.group_id}",
        "country": f"country {rule.country}",
        "network_type": f"network type {rule.network_type}",
    }[rule.kind]
    when = {"always": "", "open": " in opening hours", "closed": " outside of opening hours"}[rule.hours]
    return f"rule {rule.rule_id}, {target}{when}"
