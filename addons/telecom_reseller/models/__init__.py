from . import res_users, telecom_tenant
