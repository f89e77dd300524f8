"""What the fraud rules of a call's payers say: how many calls they have counted, and whether this is one too many."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from ..ports import CallTerms, Reason, Refused
from ..services.authorise_call import SPEND_RULES
from ..store.catalogue import LoadedCatalogue

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class FraudRule:
    """A rule that counts calls of an account to a number: so many are let through in the time, so many were counted."""

    account_id: int
    e164: str
    destination_id: int
    rule_id: int
    name: str
    kind: str
    most_calls: int
    within_min: int
    at_night: bool
    calls: int

    @property
    def breaks(self) -> bool:
        """True when a further call is one too many."""
        return self.calls >= self.most_calls


def fraud_steps(
    terms: CallTerms, rules: Iterable[FraudRule], catalogue: LoadedCatalogue
) -> tuple[list[Json], Refused | None]:
    """Each rule that counts the call, and why it would be refused: as the reservation of a call decides."""
    if terms.direction != "outbound":
        return [], None
    payers = {level.account_id for level in terms.payers if level.spend_limited}
    called = terms.e164, terms.destination_id
    found = [one for one in rules if one.account_id in payers and (one.e164, one.destination_id) == called]
    broken = next((one for one in found if one.breaks), None)
    refused = Refused(Reason.SPEND_LIMIT, f"account {broken.account_id}: {_words(broken)}") if broken else None
    return [_step(one, catalogue) for one in found], refused


def _step(rule: FraudRule, catalogue: LoadedCatalogue) -> Json:
    account = catalogue.account(rule.account_id)
    return {
        "account_id": rule.account_id,
        "account": account.number if account is not None else None,
        "rule_id": rule.rule_id,
        "rule": rule.name,
        "calls": rule.calls,
        "most_calls": rule.most_calls,
        "breaks": rule.breaks,
        "why": _words(rule),
    }


def _words(rule: FraudRule) -> str:
    night = " of the night" if rule.at_night else ""
    counted = f"{rule.calls} of {rule.most_calls} {SPEND_RULES[rule.kind]} in the last {rule.within_min} min{night}"
    return f"fraud rule {rule.name}: {counted}" + (", this call is one too many" if rule.breaks else "")
