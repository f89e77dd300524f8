"""What a fresh database holds of Odoo's own modules."""

ASKS_OUTSIDE = ["iap", "iap_mail", "partner_autocomplete", "sms", "snailmail", "snailmail_account", "web_unsplash",
                "google_gmail", "microsoft_outlook"]  # fmt: skip
EXPECTED = ["account", "auth_signup", "auth_totp", "base_import", "portal", "rpc", "telecom_suite", "web_tour"]


def test_nothing_that_asks_services_outside_is_installed(demo):
    installed = {row["name"] for row in demo.db.all("select name from ir_module_module where state = 'installed'")}
    assert installed.isdisjoint(ASKS_OUTSIDE)
    assert installed.issuperset(EXPECTED)
    known = {row["name"] for row in demo.db.all("select name from ir_module_module")}
    assert known.issuperset(ASKS_OUTSIDE)  # offered on the page Apps; also: the names above are right
