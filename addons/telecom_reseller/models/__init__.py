from . import res_users, telecom_billing_account, telecom_tenant
