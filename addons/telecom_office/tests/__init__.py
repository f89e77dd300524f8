from . import test_new_customer, test_office_pages, test_prices, test_spend_locks
