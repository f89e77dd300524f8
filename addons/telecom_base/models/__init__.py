from . import telecom_amount_mixin
from . import telecom_tenant
from . import telecom_billing_account
from . import telecom_numbering_plan
from . import res_company
from . import res_partner
from . import res_users
