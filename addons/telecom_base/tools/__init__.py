from . import amounts
from . import sql
