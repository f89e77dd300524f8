from . import telecom_destination
