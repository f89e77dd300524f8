from . import (
    test_carrier_ledger,
    test_charge_pages,
    test_concurrent,
    test_partitions,
    test_records,
    test_settle,
    test_strangers,
    test_terms,
)
