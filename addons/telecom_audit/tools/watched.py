"""What the trail watches. An addon with prices, limits or permissions of its own adds to it by `add` in its model file
and calls `telecom.audit.line._start_watching()` in its `init`.
"""

from .watch import Value, Watch, amount, micro, moment, named

PLAN_OF_RATE = "(select one.company_id from telecom_rate_plan one where one.id = r.plan_id)"
DESTINATION = (
    "coalesce((select one.name from telecom_destination one where one.id = r.destination_id),"
    " (select one.name from telecom_destination_group one where one.id = r.group_id))"
)
CARRIER_OF = "(select one.company_id from telecom_carrier one where one.id = r.carrier_id)"
ACCOUNT_OF = "(select one.company_id from telecom_billing_account one where one.id = r.account_id)"
ACCOUNT_NAME = "(select one.name from telecom_billing_account one where one.id = r.account_id)"
LOGIN = "(select one.login from res_users one where one.id = r.{})"
USER_COMPANY = "(select one.company_id from res_users one where one.id = r.{})"
GROUP = (
    "(select coalesce((select more.name ->> 'en_US' || ' / ' from res_groups_privilege more"
    " where more.id = one.privilege_id), '') || (one.name ->> 'en_US') from res_groups one where one.id = r.{})"
)
INCREMENTS = ("first_increment_s", "next_increment_s", "included_s")


def _values(category, *names):
    return {name: Value(category) for name in names}


PRICES = (
    Watch(
        table="telecom_rate",
        model="telecom.rate",
        category="price",
        name=DESTINATION,
        company=PLAN_OF_RATE,
        plan="r.plan_id",
        parent="plan_id",
        values={
            "destination_id": Value("price", DESTINATION),
            "method": Value("price"),
            **{name: amount("price", name) for name in ("percent", "absolute", "connect_fee", "price", "second_price")},
            **_values("price", *INCREMENTS, "second_price_from_s", "min_duration_s", "grace_s", "grace_mode"),
            "min_cost": amount("price", "min_cost"),
            "valid_from": moment("price", "valid_from"),
            "valid_to": moment("price", "valid_to"),
        },
    ),
    Watch(
        table="telecom_rate_plan",
        model="telecom.rate.plan",
        category="price",
        name="r.name",
        company="r.company_id",
        plan="r.id",
        values={
            "name": Value("price"),
            "active": Value("status"),
            **_values("price", "base", "default_method", "rounding_method", "rounding_decimals", "timezone"),
            **{name: amount("price", name) for name in ("default_percent", "default_absolute")},
        },
    ),
    Watch(
        table="telecom_plan_assignment",
        model="telecom.plan.assignment",
        category="price",
        name=ACCOUNT_NAME,
        company=ACCOUNT_OF,
        account="r.account_id",
        plan="r.plan_id",
        values={
            "direction": Value("price"),
            "plan_id": named("price", "plan_id", "telecom_rate_plan"),
            "valid_from": moment("price", "valid_from"),
        },
    ),
    Watch(
        table="telecom_deck_rate",
        model="telecom.deck.rate",
        category="price",
        name="r.prefix",
        company=CARRIER_OF,
        carrier="r.carrier_id",
        parent="carrier_id",
        values={
            "prefix": Value("price"),
            "direction": Value("price"),
            "connect_fee": micro("price", "connect_fee_micro"),
            "price": micro("price", "price_micro"),
            **_values("price", "price_unit_s", *INCREMENTS),
            "valid_from": moment("price", "valid_from at time zone 'UTC'"),
            "valid_to": moment("price", "valid_to at time zone 'UTC'"),
        },
    ),
    Watch(
        table="telecom_route",
        model="telecom.route",
        category="price",
        name="coalesce(nullif(r.prefix, ''), 'all other numbers')",
        company="r.company_id",
        values={
            "active": Value("status"),
            **_values("price", "prefix", "rule", "allow_loss"),
            **{name: amount("price", name) for name in ("min_margin", "min_margin_percent")},
        },
    ),
    Watch(
        table="account_tax",
        model="account.tax",
        category="price",
        name="r.name ->> 'en_US'",
        company="r.company_id",
        values={
            "active": Value("status"),
            "amount": amount("price", "amount"),
            **_values("price", "amount_type", "type_tax_use"),
        },
    ),
)

CUSTOMERS = (
    Watch(
        table="telecom_billing_account",
        model="telecom.billing.account",
        category="status",
        name="r.name",
        company="r.company_id",
        account="r.id",
        values={
            "state": Value("status"),
            "mode": Value("limit"),
            "credit_limit": amount("limit", "credit_limit"),
            **_values("limit", "max_calls_outbound", "max_calls_inbound", "max_calls_per_second"),
            "rate_plan_id": named("price", "rate_plan_id", "telecom_rate_plan"),
            "inbound_rate_plan_id": named("price", "inbound_rate_plan_id", "telecom_rate_plan"),
            "tax_id": named("price", "tax_id", "account_tax", "name ->> 'en_US'"),
        },
    ),
    Watch(  # what calls cost is in their own records, thousands a minute; all else that moves a balance is here
        table="telecom_wallet_entry",
        model="telecom.wallet.entry",
        category="balance",
        name=ACCOUNT_NAME,
        company=ACCOUNT_OF,
        account="r.account_id",
        by_user="r.user_id",
        only="new.kind <> 'charge'",
        values={
            "kind": Value("balance"),
            "amount": micro("balance", "amount_micro"),
            "balance_after": micro("balance", "balance_after_micro"),
            "reference": Value("balance"),
        },
    ),
    Watch(
        table="telecom_tenant",
        model="telecom.tenant",
        category="status",
        name="r.name",
        company="(select up.company_id from telecom_tenant up where up.id = r.parent_id)",
        account="r.account_id",
        values={"account_id": Value("status", ACCOUNT_NAME)},
    ),
    Watch(
        table="telecom_phone",
        model="telecom.phone",
        category="status",
        name="r.name || ' (' || r.extension || ')'",
        company="r.company_id",
        account="r.account_id",
        values={
            **_values("status", "active", "extension"),
            "max_contacts": Value("limit"),
            "sip_digest": Value("credential", secret=True),
        },
    ),
    Watch(
        table="telecom_number",
        model="telecom.number",
        category="status",
        name="r.e164",
        company="r.company_id",
        account="r.account_id",
        values={
            "active": Value("status"),
            "company_id": named("status", "company_id", "res_company"),
            "account_id": Value("status", ACCOUNT_NAME),
            "max_calls_inbound": Value("limit"),
        },
    ),
)

CARRIERS = (
    Watch(
        table="telecom_carrier",
        model="telecom.carrier",
        category="status",
        name="r.name",
        company="r.company_id",
        carrier="r.id",
        values={
            **_values("status", "name", "active"),
            **_values("price", "duration_rule", "rounding_method", "rounding_decimals"),
        },
    ),
    Watch(
        table="telecom_trunk",
        model="telecom.trunk",
        category="status",
        name="r.name",
        company=CARRIER_OF,
        carrier="r.carrier_id",
        values={
            **_values("status", "active", "host", "port", "username"),
            **_values("limit", "max_channels", "max_calls_per_second"),
            "password": Value("credential", secret=True),
        },
    ),
)

PEOPLE = (
    Watch(
        table="res_users",
        model="res.users",
        category="permission",
        name="r.login",
        company="r.company_id",
        of_user="r.id",
        values={
            **_values("permission", "active", "login"),
            "company_id": named("permission", "company_id", "res_company"),
            "password": Value("credential", secret=True),
            "totp_secret": Value("credential", secret=True),
        },
    ),
    Watch(
        table="res_groups_users_rel",
        model="res.users",
        category="permission",
        record="r.uid",
        name=LOGIN.format("uid"),
        company=USER_COMPANY.format("uid"),
        of_user="r.uid",
        whole="group_ids",
        values={"group_ids": Value("permission", GROUP.format("gid"))},
    ),
    Watch(
        table="res_company_users_rel",
        model="res.users",
        category="permission",
        record="r.user_id",
        name=LOGIN.format("user_id"),
        company=USER_COMPANY.format("user_id"),
        of_user="r.user_id",
        whole="company_ids",
        values={"company_ids": named("permission", "cid", "res_company")},
    ),
    Watch(
        table="res_users_apikeys",
        model="res.users.apikeys",
        category="credential",
        name=LOGIN.format("user_id"),
        company=USER_COMPANY.format("user_id"),
        of_user="r.user_id",
        values={
            **_values("credential", "name", "scope"),
            "expiration_date": moment("credential", "expiration_date"),
        },
    ),
)

RULES = (
    Watch(
        table="res_groups_implied_rel",
        model="res.groups",
        category="permission",
        record="r.gid",
        name=GROUP.format("gid"),
        whole="implied_ids",
        values={"implied_ids": Value("permission", GROUP.format("hid"))},
    ),
    Watch(
        table="ir_model_access",
        model="ir.model.access",
        category="permission",
        name="r.name",
        values={
            "group_id": Value("permission", GROUP.format("group_id")),
            **_values("permission", "active", "perm_read", "perm_write", "perm_create", "perm_unlink"),
        },
    ),
    Watch(
        table="ir_rule",
        model="ir.rule",
        category="permission",
        name="coalesce(r.name, 'rule ' || r.id)",
        values=_values("permission", "active", "domain_force", "perm_read", "perm_write", "perm_create", "perm_unlink"),
    ),
    Watch(
        table="rule_group_rel",
        model="ir.rule",
        category="permission",
        record="r.rule_group_id",
        name="(select coalesce(one.name, 'rule ' || one.id) from ir_rule one where one.id = r.rule_group_id)",
        whole="groups",
        values={"groups": Value("permission", GROUP.format("group_id"))},
    ),
    Watch(
        table="ir_config_parameter",
        model="ir.config_parameter",
        category="setting",
        name="r.key",
        values={"value": Value("setting", secret=True)},
    ),
    Watch(
        table="telecom_audit_keeping",
        model="telecom.audit.line",
        category="setting",
        name="'Audit Trail'",
        values={"months": Value("setting", "coalesce(r.months || ' months', 'for ever')")},
    ),
)

WATCHES = {watch.table: watch for watch in (*PRICES, *CUSTOMERS, *CARRIERS, *PEOPLE, *RULES)}
MODELS = {watch.model for watch in WATCHES.values()} | {"res.groups", "res.company"}
"""Models whose writing changes a watched table: who does it is told to the database before."""


def add(*watches: Watch) -> None:
    """Let the trail watch further tables, of addons above this one."""
    WATCHES.update({watch.table: watch for watch in watches})
    MODELS.update(watch.model for watch in watches)
