from . import telecom_reseller_wizard
