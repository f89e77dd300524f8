"""What the classes of service of a call's chain say about a number."""

from datetime import datetime
from typing import Any

from ..ports import Refused
from ..services.bar_call import class_checks, words_of_check
from ..services.price_chain import chain_of
from ..store.catalogue import LoadedCatalogue
from ..values import Account, Phone

Json = dict[str, Any]


def class_steps(
    catalogue: LoadedCatalogue, account: Account | None, phone: Phone | None, e164: str | None, at: datetime
) -> Json:
    """Each class that has a say, with the rule that decided; empty when there is none."""
    chain = chain_of(catalogue, account) if account is not None else None
    if chain is None or isinstance(chain, Refused) or e164 is None:
        return {}
    steps = [
        {
            "level": check.level,
            "account_id": check.account.account_id,
            "account": check.account.number,
            "class_id": check.class_id,
            "class": check.service_class.name if check.service_class is not None else None,
            "set_by": check.set_by,
            "allows": check.allows,
            "why": words_of_check(check),
        }
        for check in class_checks(catalogue, chain, phone, e164, at)
    ]
    return {"classes": steps} if steps else {}
