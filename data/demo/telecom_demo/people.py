"""People to log in as: the owner's staff, one person of the reseller, one of a customer."""

import secrets

from .records import read_table


def load_people(demo, companies, known):
    """Return the log-ins. Passwords of `known` stay; a person whom it does not list gets a new one."""
    passwords = {user["login"]: user["password"] for user in known.get("users", [])}
    people = [("administrator", demo.env.ref("base.user_admin"))]
    people += [(row["kind"], _load_user(demo, companies[row["company"]], row)) for row in read_table("users")]
    users = []
    for kind, user in people:
        password = passwords.get(user.login) or secrets.token_urlsafe(12)
        mark = f"password_{user.login}"
        if not demo.ref(mark) or user.login not in passwords:
            user.password = password
        if not demo.ref(mark):
            demo.mark(mark, user)
        users.append({"login": user.login, "password": password, "kind": kind})
    return users


def _load_user(demo, company, row):
    """Return one person; a customer's person belongs to the customer's contact."""
    key = f"user_{row['login']}"
    if user := demo.ref(key):
        return user
    partner = demo.env["res.partner"].create(
        {
            "name": row["name"],
            "email": f"{row['login']}@example.com",
            "company_id": company.id,
            "parent_id": demo.ref(row["customer"]).partner_id.id if row.get("customer") else False,
        }
    )
    user = demo.env["res.users"].create(
        {
            "login": row["login"],
            "partner_id": partner.id,
            "company_id": company.id,
            "company_ids": [(6, 0, company.ids)],
            "group_ids": [(6, 0, [demo.env.ref(name).id for name in row["group"].split()])],
        }
    )
    return demo.mark(key, user)
