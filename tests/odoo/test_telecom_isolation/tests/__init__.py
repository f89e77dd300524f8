from . import test_daily_work, test_each_rule_is_needed, test_office_writes, test_probe, test_routes, test_talk
