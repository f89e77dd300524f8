"""What the trail watches of the business: prices, customers with their limits and balances, carriers."""

from .watch import Value, Watch, amount, micro, moment, named, plain

PLAN_OF_RATE = "(select one.company_id from telecom_rate_plan one where one.id = r.plan_id)"
DESTINATION = (
    "coalesce((select one.name from telecom_destination one where one.id = r.destination_id),"
    " (select one.name from telecom_destination_group one where one.id = r.group_id))"
)
BAND = "(select one.name from telecom_band one where one.id = r.band_id)"
DESTINATION_OF_BAND = (
    "(select coalesce(place.name, places.name) from telecom_rate one"
    " left join telecom_destination place on place.id = one.destination_id"
    " left join telecom_destination_group places on places.id = one.group_id where one.id = r.rate_id)"
)
CARRIER_OF = "(select one.company_id from telecom_carrier one where one.id = r.carrier_id)"
ACCOUNT_OF = "(select one.company_id from telecom_billing_account one where one.id = r.account_id)"
ACCOUNT_NAME = "(select one.name from telecom_billing_account one where one.id = r.account_id)"
INCREMENTS = ("first_increment_s", "next_increment_s", "included_s")

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
            "band_set_id": named("price", "band_set_id", "telecom_band_set"),
            **{name: amount("price", name) for name in ("percent", "absolute", "connect_fee", "price", "second_price")},
            **plain("price", *INCREMENTS, "second_price_from_s", "min_duration_s", "grace_s", "grace_mode"),
            "min_cost": amount("price", "min_cost"),
            "valid_from": moment("price", "valid_from"),
            "valid_to": moment("price", "valid_to"),
        },
    ),
    Watch(
        table="telecom_rate_band",
        model="telecom.rate.band",
        category="price",
        name=f"concat_ws(', ', {DESTINATION_OF_BAND}, {BAND})",
        company="r.company_id",
        plan="(select one.plan_id from telecom_rate one where one.id = r.rate_id)",
        values={
            "band_id": Value("price", BAND),
            **{name: amount("price", name) for name in ("connect_fee", "price", "second_price")},
            **plain("price", "first_increment_s", "next_increment_s"),
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
            "band_set_id": named("price", "band_set_id", "telecom_band_set"),
            **plain("price", "base", "default_method", "rounding_method", "rounding_decimals", "timezone"),
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
            **plain("price", "price_unit_s", *INCREMENTS),
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
            **plain("price", "prefix", "rule", "allow_loss"),
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
            **plain("price", "amount_type", "type_tax_use"),
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
            "invoice_from": moment("balance", "invoice_from"),
            "credit_limit": amount("limit", "credit_limit"),
            **plain("limit", "max_calls_outbound", "max_calls_inbound", "max_calls_per_second"),
            **{name: amount("limit", name) for name in ("max_spend_call", "max_spend_day", "max_spend_night")},
            **plain("limit", "spend_night_from", "spend_night_to"),
            "rate_plan_id": named("price", "rate_plan_id", "telecom_rate_plan"),
            "inbound_rate_plan_id": named("price", "inbound_rate_plan_id", "telecom_rate_plan"),
            "service_class_id": named("permission", "service_class_id", "telecom_service_class"),
            "fiscal_position_id": named("price", "fiscal_position_id", "account_fiscal_position", "name ->> 'en_US'"),
        },
    ),
    Watch(
        table="telecom_account_tax_rel",
        model="telecom.billing.account",
        category="price",
        record="r.account_id",
        name=ACCOUNT_NAME,
        company=ACCOUNT_OF,
        account="r.account_id",
        whole="tax_ids",
        values={"tax_ids": named("price", "tax_id", "account_tax", "name ->> 'en_US'")},
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
            **plain("status", "active", "extension"),
            "max_contacts": Value("limit"),
            "service_class_id": named("permission", "service_class_id", "telecom_service_class"),
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
            **plain("status", "name", "active"),
            **plain("price", "duration_rule", "rounding_method", "rounding_decimals"),
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
            **plain("status", "active", "host", "port", "username"),
            **plain("limit", "max_channels", "max_calls_per_second"),
            "password": Value("credential", secret=True),
        },
    ),
)
