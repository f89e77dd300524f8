from . import telecom_destination_group
from . import telecom_destination
from . import telecom_destination_prefix
from . import telecom_rate_plan
from . import telecom_rate
from . import telecom_billing_account
