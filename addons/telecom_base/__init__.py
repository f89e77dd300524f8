from . import models, tools
from .tools.lasting_scheduler import keep_scheduler
