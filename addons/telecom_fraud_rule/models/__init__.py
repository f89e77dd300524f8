from . import telecom_fraud_rule
