from . import telecom_owned_mixin  # isort: skip - the others inherit from it
from . import (
    base,
    ir_http,
    ir_rule,
    mail_alias,
    mail_thread,
    owned,
    res_company,
    res_partner,
    res_users,
    signup,
    telecom_tenant,
)
