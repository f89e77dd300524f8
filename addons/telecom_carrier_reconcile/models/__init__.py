from . import (
    telecom_carrier,
    telecom_carrier_statement,
    telecom_carrier_statement_column,
    telecom_carrier_statement_compare,
    telecom_carrier_statement_line,
    telecom_carrier_statement_problem,
)
