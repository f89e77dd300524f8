from . import models, wizards
from .log_filter import hide_secrets_in_logs

hide_secrets_in_logs()
