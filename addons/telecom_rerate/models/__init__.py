# the run first: the others extend it
from . import telecom_rerate_run  # isort: skip
from . import (
    telecom_rerate_cost,
    telecom_rerate_line,
    telecom_rerate_post,
    telecom_rerate_preview,
    telecom_rerate_preview_costs,
    telecom_rerate_schema,
)
