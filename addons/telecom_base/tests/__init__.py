from . import test_tenant
from . import test_billing_account
from . import test_numbering_plan
from . import test_amounts
from . import test_strangers
