"""What stands in the office's menu, and for whom. Groups are those of telecom_base; a title opens the action's path."""

ADMIN, SUPPORT, ACCOUNTANT = "reseller_admin", "reseller_support", "reseller_accountant"
CUSTOMER, CUSTOMER_ADMIN = "customer_user", "customer_admin"
RESELLER = (SUPPORT, ACCOUNTANT)

SECTIONS = (
    # title, path of the window action, icon, groups of which one must be held
    ("Customers", "office-customers", "fa-users", RESELLER),
    ("Telephones", "office-telephones", "fa-phone", (*RESELLER, CUSTOMER)),
    ("Numbers", "office-numbers", "fa-hashtag", (*RESELLER, CUSTOMER)),
    ("Ring Groups", "office-ring-groups", "fa-bell-o", (*RESELLER, CUSTOMER)),
    ("Classes of Service", "office-service-classes", "fa-ban", (*RESELLER, CUSTOMER)),
    ("Fraud Rules", "office-fraud-rules", "fa-shield", RESELLER),
    ("Calls Now", "office-live", "fa-volume-control-phone", (*RESELLER, CUSTOMER)),
    ("Calls", "office-calls", "fa-exchange", (*RESELLER, CUSTOMER)),
    ("Accounts", "office-accounts", "fa-address-card-o", (CUSTOMER,)),
    ("Included Minutes", "office-minutes", "fa-clock-o", (*RESELLER, CUSTOMER)),
    ("Statement", "office-statement", "fa-list-alt", (*RESELLER, CUSTOMER)),
    ("Rate Plans", "office-plans", "fa-tags", RESELLER),
    ("Prices", "office-rates", "fa-money", RESELLER),
    ("Price Lists", "office-price-lists", "fa-upload", (ADMIN,)),
    ("Peak and Off-peak", "office-hours", "fa-clock-o", RESELLER),
    ("Holidays", "office-holidays", "fa-calendar-o", RESELLER),
    ("Resellers", "office-resellers", "fa-sitemap", RESELLER),
)


def sections_of(user):
    """Return the sections that a user has: title, path and icon each, in order."""
    return [
        {"title": user.env._(title), "path": path, "icon": icon}
        for title, path, icon, groups in SECTIONS
        if any(user.has_group(f"telecom_base.group_{group}") for group in groups)
    ]
