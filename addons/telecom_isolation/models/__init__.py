from . import telecom_owned_mixin  # isort: skip - the others inherit from it
from . import base, mail_alias, owned, res_company, res_partner, res_users
