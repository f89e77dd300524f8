from . import (
    ask_price_and_route,
    telecom_journal_line,
    telecom_live_call,
    telecom_live_charge,
    telecom_switch_command,
    telecom_switch_finding,
    telecom_switch_node,
    telecom_switch_schema,
    telecom_trunk_state,
)
