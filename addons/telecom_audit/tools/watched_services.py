"""What the trail watches of what customers get (minutes, barred calls, ring groups, brands) and of their bills."""

from .watch import Value, Watch, amount, moment, named, plain

TARGET = (
    "(select coalesce(phone.name || ' (' || phone.extension || ')', one.external_number, inner_group.name)"
    " from telecom_dial_target one left join telecom_phone phone on phone.id = one.phone_id"
    " left join telecom_ring_group inner_group on inner_group.id = one.group_id where one.id = r.target_id)"
)
CLASS = "(select one.{} from telecom_service_class one where one.id = r.class_id)"
ACCOUNT_OF_GROUP = "(select one.account_id from telecom_ring_group one where one.id = r.group_id)"
# Companies that Odoo computes are written after the row was added: they are taken from where it takes them.
COMPANY_OF_ACCOUNT = "(select one.company_id from telecom_billing_account one where one.id = {})"
COMPANY_OF_PLAN = "(select one.company_id from telecom_rate_plan one where one.id = {})"
ALLOWANCE = "(select one.{} from telecom_allowance one where one.id = r.allowance_id)"
BRAND = "(select one.{} from telecom_brand one where one.id = r.brand_id)"


def _counts_for(table: str, field: str, column: str, other: str) -> Watch:
    """Return the watch of a relation between included minutes and what they may be used for."""
    return Watch(
        table=table,
        model="telecom.allowance",
        category="price",
        record="r.allowance_id",
        name=ALLOWANCE.format("name"),
        company=f"coalesce({COMPANY_OF_PLAN.format(ALLOWANCE.format('plan_id'))}, {ALLOWANCE.format('company_id')})",
        plan=ALLOWANCE.format("plan_id"),
        whole=field,
        values={field: named("price", column, other)},
    )


SERVICES = (
    Watch(
        table="telecom_allowance",
        model="telecom.allowance",
        category="price",
        name="r.name",
        company=f"coalesce({COMPANY_OF_PLAN.format('r.plan_id')}, r.company_id)",
        plan="r.plan_id",
        values={
            "active": Value("status"),
            **plain("price", "name", "minutes", "rolls_over", "valid_days"),
            "price": amount("price", "price"),
        },
    ),
    _counts_for("telecom_allowance_group_rel", "group_ids", "group_id", "telecom_destination_group"),
    _counts_for("telecom_allowance_destination_rel", "destination_ids", "destination_id", "telecom_destination"),
    Watch(
        table="telecom_service_class",
        model="telecom.service.class",
        category="permission",
        name="r.name",
        company=f"coalesce({COMPANY_OF_ACCOUNT.format('r.account_id')}, r.company_id)",
        account="r.account_id",
        values={
            "name": Value("status"),
            **plain("permission", "is_default", "other_calls", "open_days", "tz"),
            **{name: amount("permission", name) for name in ("open_from", "open_to")},
        },
    ),
    Watch(
        table="telecom_service_rule",
        model="telecom.service.rule",
        category="permission",
        name=CLASS.format("name"),
        company=CLASS.format("company_id"),
        account=CLASS.format("account_id"),
        values={
            **plain("permission", "action", "kind", "digits", "network_type", "hours"),
            "destination_id": named("permission", "destination_id", "telecom_destination"),
            "group_id": named("permission", "group_id", "telecom_destination_group"),
            "country_id": named("permission", "country_id", "res_country", "name ->> 'en_US'"),
        },
    ),
    Watch(
        table="telecom_ring_group",
        model="telecom.ring.group",
        category="status",
        name="r.name",
        company=COMPANY_OF_ACCOUNT.format("r.account_id"),
        account="r.account_id",
        values=plain("status", "name", "active", "extension", "strategy", "ring_s", "screen_calls"),
    ),
    Watch(
        table="telecom_ring_group_member",
        model="telecom.ring.group.member",
        category="status",
        name="(select one.name from telecom_ring_group one where one.id = r.group_id)",
        company=COMPANY_OF_ACCOUNT.format(ACCOUNT_OF_GROUP),
        account=ACCOUNT_OF_GROUP,
        values={"target_id": Value("status", TARGET)},
    ),
    Watch(
        table="telecom_brand",
        model="telecom.brand",
        category="setting",
        name="r.name",
        company="r.company_id",
        values=plain(
            "setting",
            "name",
            "primary_color",
            "secondary_color",
            "sender_name",
            "sender_email",
            "support_email",
            "support_phone",
            "footer",
            "document_header",
            "document_footer",
            "style",
        ),
    ),
    Watch(
        table="telecom_brand_host",
        model="telecom.brand.host",
        category="status",
        name="r.name",
        company=BRAND.format("company_id"),
        values={**plain("status", "name", "state"), "brand_id": Value("status", BRAND.format("name"))},
    ),
    Watch(
        table="telecom_brand_page",
        model="telecom.brand.page",
        category="setting",
        name=BRAND.format("name"),
        company=BRAND.format("company_id"),
        values=plain("setting", "kind", "body"),
    ),
    Watch(
        table="telecom_rerate_run",
        model="telecom.rerate.run",
        category="price",
        name="r.name",
        company="r.company_id",
        values={
            **plain("price", "name", "state", "subject", "direction", "taxes", "invoiced"),
            "date_from": moment("price", "date_from"),
            "date_to": moment("price", "date_to"),
        },
    ),
    Watch(
        table="telecom_billing_run",
        model="telecom.billing.run",
        category="balance",
        name="r.name",
        company="r.company_id",
        values=plain("balance", "state", "date_to", "invoice_date"),
    ),
)
