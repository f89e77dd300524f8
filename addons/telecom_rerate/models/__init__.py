from . import (
    telecom_rerate_job,
    telecom_rerate_line,
    telecom_rerate_preview,
    telecom_rerate_run,
    telecom_rerate_schema,
)
