"""Who sees what money, as `groups` of fields: one place, so that no field forgets a role."""

PRICES = "telecom_base.group_prices"  # what customers and resellers pay: the staff without Support
COSTS = "telecom_base.group_costs"  # what carriers take, and what is left of the price
RESELLERS = "telecom_base.group_reseller_support,telecom_base.group_reseller_accountant"
CUSTOMERS = "telecom_base.group_customer_user"
PRICES_AND_RESELLERS = f"{PRICES},{RESELLERS}"
PRICES_AND_OUTSIDE = f"{PRICES},{RESELLERS},{CUSTOMERS}"  # people outside: their own prices only, by record rules
