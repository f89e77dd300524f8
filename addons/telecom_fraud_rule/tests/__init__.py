from . import test_fraud_rule
