from . import telecom_journal_resolve
