from . import telecom_journal_line, telecom_switch_node, telecom_switch_schema
