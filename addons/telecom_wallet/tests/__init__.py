from . import test_post
from . import test_reserve
from . import test_extend
from . import test_charge
from . import test_account
from . import test_strangers
from . import test_concurrent
