from . import (
    telecom_rerate_cost,
    telecom_rerate_job,
    telecom_rerate_line,
    telecom_rerate_preview,
    telecom_rerate_preview_costs,
    telecom_rerate_run,
    telecom_rerate_schema,
)
