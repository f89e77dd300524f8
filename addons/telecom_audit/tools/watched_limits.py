"""What the trail watches of calls that look like an attack, and of accounts that their own limits have locked."""

from .watch import Value, Watch, micro, moment, named, plain

ACCOUNT = "(select one.{} from telecom_billing_account one where one.id = r.account_id)"
RULE = "(select one.{} from telecom_fraud_rule one where one.id = r.rule_id)"


def _holds_for(field: str, column: str, other: str, name: str = "name") -> Watch:
    """Return the watch of a relation between a fraud rule and what it names."""
    return Watch(
        table=f"telecom_fraud_rule_{column.removesuffix('_id')}_rel",
        model="telecom.fraud.rule",
        category="limit",
        record="r.rule_id",
        name=RULE.format("name"),
        company=RULE.format("company_id"),
        whole=field,
        values={field: named("limit", column, other, name)},
    )


LIMITS = (
    Watch(
        table="telecom_fraud_rule",
        model="telecom.fraud.rule",
        category="limit",
        name="r.name",
        company="r.company_id",
        values={
            "active": Value("status"),
            **plain("limit", "name", "kind", "most_calls", "within_min", "countries", "at_night"),
        },
    ),
    _holds_for("account_ids", "account_id", "telecom_billing_account"),
    _holds_for("country_ids", "country_id", "res_country", "name ->> 'en_US'"),
    Watch(  # the switch locks, people unlock
        table="telecom_spend_lock",
        model="telecom.spend.lock",
        category="status",
        name=ACCOUNT.format("name"),
        company=ACCOUNT.format("company_id"),
        account="r.account_id",
        by_user="r.user_id",
        values={
            "rule": Value("status"),
            "called": Value("status"),
            "most": micro("limit", "most_micro"),
            "spent": micro("limit", "spent_micro"),
            "unlocked_at": moment("status", "unlocked_at at time zone 'UTC'"),
        },
    ),
)
