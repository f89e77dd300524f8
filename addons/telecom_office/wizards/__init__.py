from . import telecom_office_customer
