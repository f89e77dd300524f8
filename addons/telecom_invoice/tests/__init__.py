from . import test_billing_run, test_credit_notes, test_document
