-- What one unit of the owner's currency is in others, by date.
select currency, valid_from, rate from switch_v1_currency_rate
