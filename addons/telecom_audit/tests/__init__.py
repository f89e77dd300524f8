from . import test_many_rows, test_people, test_prices_and_money, test_who_reads
