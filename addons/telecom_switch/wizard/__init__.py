from . import telecom_journal_again, telecom_journal_resolve, telecom_price_and_route
