from . import test_new_customer, test_office_pages, test_price_lists, test_prices, test_spend_locks
