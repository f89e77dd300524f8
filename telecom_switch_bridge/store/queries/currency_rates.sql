-- Currency rates of the owner's company by date.
select currency, valid_from, rate_e12 from switch_v1_currency_rate
