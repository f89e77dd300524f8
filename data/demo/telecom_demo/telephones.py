"""Telephones with their SIP passwords, and a number that rings one of them."""

import secrets

from .records import read_table

DID = "442079460999"


def load_phones(demo, known):
    """Return the SIP accounts. Passwords of `known` stay; a telephone that it does not list gets a new one."""
    passwords = {account["username"]: account["password"] for account in known.get("sip", [])}
    accounts = []
    for row in read_table("phones"):
        account = demo.ref(row["account"])
        phone = demo.ensure(
            f"phone_{row['extension']}",
            "telecom.phone",
            account_id=account.id,
            name=row["name"],
            extension=row["extension"],
        )
        password = passwords.get(phone.sip_username) or secrets.token_urlsafe(15)
        if not phone.has_password or phone.sip_username not in passwords:
            phone.sip_password = password
        accounts.append(
            {
                "username": phone.sip_username,
                "password": password,
                "extension": phone.extension,
                "account": account.number,
                "name": f"{account.partner_id.name}, {phone.name}",
            }
        )
    return accounts


def load_number(demo):
    """Give Acme a number that rings its reception, which shows it to others."""
    if demo.ref("number_acme"):
        return
    phone = demo.ref("phone_101")
    account = phone.account_id
    target = demo.env["telecom.dial.target"].search([("phone_id", "=", phone.id)])
    phone.cli_number_id = demo.ensure(
        "number_acme",
        "telecom.number",
        e164=DID,
        company_id=account.company_id.id,
        account_id=account.id,
        target_id=target.id,
    )
