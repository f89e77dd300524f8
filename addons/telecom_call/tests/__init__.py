from . import test_concurrent, test_partitions, test_records, test_settle, test_strangers
