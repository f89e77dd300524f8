"""Why a call is refused, in words for staff, and what helps. `explain` and `./bss call` say them."""

from typing import NamedTuple


class Words(NamedTuple):
    """`why` goes on after the reason's name; `remedy` says what to do, where."""

    why: str
    remedy: str


WORDS: dict[str, Words] = {
    "bad_number": Words(
        "what was dialled is no number that can be called",
        "dial as within the account's country, or + and a country code (Telecom > Configuration > Numbering Plans)",
    ),
    "barred": Words(
        "a class of service of the telephone, of its account or of one above it bars the number",
        "allow it in that class, or give the telephone or account another one"
        " (Telecom > Customers > Classes of Service)",
    ),
    "no_credit": Words(
        "the account or one above it has no credit for a first second of this call",
        "top the account up or raise its credit limit (Telecom > Money > Balances)",
    ),
    "no_rate": Words(
        "the plan of the account or of one above it has no price for this destination",
        "give the account a plan, or the plan a rate or a default mark-up (Telecom > Prices > Rate Plans)",
    ),
    "no_route": Words(
        "no carrier could take the call",
        "add a route and an active trunk whose carrier has a price for this prefix (Telecom > Carriers > Routes)",
    ),
    "spend_limit": Words(
        "the account or one above it has spent what it may on a call, a day or a night, or has called as in an attack,"
        " or is locked since it did",
        "look at its calls, then unlock it (Telecom > Customers > Spending Locks) or raise the limit on the account",
    ),
    "suspended": Words(
        "the telephone, its account or one above it is not active",
        "set the account's state to active again (Telecom > Customers > Billing Accounts)",
    ),
    "too_many_calls": Words(
        "a limit of calls at the same time is reached",
        "wait for a call to end, or raise the limit on the account",
    ),
    "unanswered": Words(
        "nobody took the call, and it is forwarded nowhere",
        "set a forward of the telephone (Telecom > Telephones > Telephones, tab Calls)",
    ),
    "unavailable": Words(
        "the bridge or the database did not answer, so no call that costs money is allowed",
        "see `./bss status` and `./bss logs bridge-a`",
    ),
    "unknown_phone": Words(
        "no active telephone of this name belongs to an account",
        "add or reactivate the telephone (Telecom > Telephones > Telephones)",
    ),
    "unprofitable": Words(
        "every carrier would cost more than the call brings in, less the wanted margin",
        "raise the selling price, or allow the loss on the route (Telecom > Carriers > Routes)",
    ),
}

UNKNOWN = Words("no words are known for this reason", "see `./bss logs bridge-a`")


def words_of(reason: str) -> Words:
    """Words of a reason of the dialplan's answer."""
    return WORDS.get(reason, UNKNOWN)
