from . import test_limits, test_many_rows, test_people, test_prices_and_money, test_services, test_who_reads
