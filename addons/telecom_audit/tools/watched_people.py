"""What the trail watches of people: log-ins, roles, passwords and keys, and the rules about all of them."""

from .watch import Value, Watch, moment, named, plain

LOGIN = "(select one.login from res_users one where one.id = r.{})"
USER_COMPANY = "(select one.company_id from res_users one where one.id = r.{})"
GROUP = (
    "(select coalesce((select more.name ->> 'en_US' || ' / ' from res_groups_privilege more"
    " where more.id = one.privilege_id), '') || (one.name ->> 'en_US') from res_groups one where one.id = r.{})"
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
            **plain("permission", "active", "login"),
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
            **plain("credential", "name", "scope"),
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
            **plain("permission", "active", "perm_read", "perm_write", "perm_create", "perm_unlink"),
        },
    ),
    Watch(
        table="ir_rule",
        model="ir.rule",
        category="permission",
        name="coalesce(r.name, 'rule ' || r.id)",
        values=plain("permission", "active", "domain_force", "perm_read", "perm_write", "perm_create", "perm_unlink"),
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
