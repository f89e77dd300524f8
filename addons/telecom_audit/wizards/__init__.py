from . import telecom_audit_keep
