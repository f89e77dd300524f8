from . import test_dial_target, test_number, test_phone, test_strangers
