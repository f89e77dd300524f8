from . import test_account_page, test_dashboard
