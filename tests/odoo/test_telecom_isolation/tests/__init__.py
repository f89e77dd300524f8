from . import test_daily_work, test_each_rule_is_needed, test_probe, test_routes, test_talk
