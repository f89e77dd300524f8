from . import telecom_tenant
