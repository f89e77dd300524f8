from . import test_reseller_wizard
