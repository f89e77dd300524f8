from . import test_account, test_charge, test_concurrent, test_extend, test_post, test_reserve, test_strangers
