from . import telecom_phone_password
