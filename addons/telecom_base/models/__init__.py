from . import (
    limit_mixin,
    res_company,
    res_partner,
    res_users,
    telecom_amount_mixin,
    telecom_billing_account,
    telecom_billing_account_credit,
    telecom_numbering_plan,
    telecom_tenant,
)
