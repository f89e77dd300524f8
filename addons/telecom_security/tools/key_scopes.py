"""What an API key of each scope may do: a list of what is allowed; everything else is refused.

A key never does more than the person whose it is; a scope only narrows that. It works by `POST /json/2/MODEL/METHOD`
alone; the older XML-RPC and JSON-RPC take keys of full scope only, as Odoo does.
"""

from dataclasses import dataclass

READING = frozenset({"fields_get", "formatted_read_group", "read", "search", "search_count", "search_read"})

CALLS = frozenset(
    f"telecom.{name}"
    for name in ("call.charge", "call.record", "dial.target", "live.call", "live.charge", "number", "phone")
)
MONEY = frozenset(
    f"telecom.{name}"
    for name in (
        *("billing.account", "call.charge", "plan.assignment", "rate", "rate.plan"),
        *("wallet", "wallet.entry", "wallet.reversal", "wallet.topup"),
    )
)


@dataclass(frozen=True)
class Scope:
    """`models` may be read (None: all of ours); `acts` are pairs of model and method besides."""

    label: str
    models: frozenset | None
    acts: frozenset = frozenset()

    @property
    def only_reads(self):
        return not self.acts

    def allows(self, model: str, method: str) -> bool:
        """Return whether a key of this scope may call a method of a model."""
        readable = model.startswith("telecom.") if self.models is None else model in self.models
        return (readable and method in READING) or (model, method) in self.acts


SCOPES = {
    "telecom_read": Scope("Read: everything of Telecom, change nothing", None),
    "telecom_calls": Scope(
        "Calls: read calls, telephones and numbers; end calls",
        CALLS,
        frozenset({("telecom.live.call", "action_hang_up")}),
    ),
    "telecom_billing": Scope(
        "Billing: read accounts and prices; top up, correct, suspend",
        MONEY,
        frozenset(
            {
                ("telecom.wallet.topup", "create"),
                ("telecom.wallet.topup", "action_post"),
                ("telecom.wallet.reversal", "create"),
                ("telecom.wallet.reversal", "action_reverse"),
                ("telecom.billing.account", "action_suspend"),
                ("telecom.billing.account", "action_activate"),
            }
        ),
    ),
}
