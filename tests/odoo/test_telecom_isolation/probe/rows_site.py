"""Website, log-ins and devices of a party."""

from odoo.fields import Command


def build_front(env, name, tenant):
    """What a tenant shows to everybody at its own host."""
    site = env["website"].create({"name": name, "domain": f"http://{tenant}.example", "company_id": env.company.id})
    env["website.menu"].create({"name": name, "url": f"/{name}", "website_id": site.id, "parent_id": site.menu_id.id})
    page = _add_page(env, name, site, published=True)
    env["website.controller.page"].create(
        {"name": name, "name_slugified": name.lower(), "website_id": site.id, "is_published": True,
         "model_id": env["ir.model"]._get_id("res.partner"), "view_id": page.view_id.id}
    )  # fmt: skip
    env["res.currency.rate"].create(
        {"name": "2026-01-01", "rate": 2, "currency_id": env.ref("base.JPY").id, "company_id": env.company.id}
    )
    env["account.payment.term"].create(
        {"name": name, "company_id": env.company.id, "line_ids": [Command.create({"value_amount": 100, "nb_days": 7})]}
    )
    return site


def build_house(env, name, user, site):
    """What only the office knows of its website: visitors, drafts, redirections."""
    page = _add_page(env, name, site, published=False)
    visitor = env["website.visitor"].create({"access_token": str(user.partner_id.id), "website_id": site.id})
    env["website.track"].create({"visitor_id": visitor.id, "page_id": page.id, "url": f"/{name}"})
    env["website.rewrite"].create(
        {"name": name, "url_from": f"/{name}-old", "url_to": f"/{name}", "redirect_type": "301", "website_id": site.id}
    )
    _add_log_in(env, name, user)


def build_customer(env, name, user):
    """How a customer's person logs in."""
    _add_log_in(env, name, user)


def _add_page(env, name, site, *, published):
    view = env["ir.ui.view"].create(
        {"name": name, "type": "qweb", "key": f"website.{name.lower()}", "website_id": site.id,
         "arch": f'<t t-name="{name}"><t t-call="website.layout"><p>{name}</p></t></t>'}
    )  # fmt: skip
    return env["website.page"].create(
        {"view_id": view.id, "url": f"/{name}", "website_id": site.id, "is_published": published}
    )


def _add_log_in(env, name, user):
    as_user = env(user=user.id, su=True)
    as_user["res.users.log"].create({})
    as_user["res.users.apikeys"]._generate(None, name, None)
    as_user["auth_totp.device"]._generate("browser", name, None)
    env["res.users.settings"]._find_or_create_for_user(user)
    env.cr.execute(
        "insert into auth_passkey_key (name, credential_identifier, create_uid, create_date)"
        " values (%s, %s, %s, now() at time zone 'UTC')",
        [name, name, user.id],
    )
    env["res.device.log"].create(
        {"session_identifier": name, "user_id": user.id, "browser": name, "ip_address": "192.0.2.1",
         "first_activity": "2026-01-01 00:00:00", "last_activity": "2026-01-01 00:00:00"}
    )  # fmt: skip
