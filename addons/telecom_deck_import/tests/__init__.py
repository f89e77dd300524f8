from . import (
    test_apply,
    test_bad_files,
    test_export,
    test_jobs,
    test_plan_prices,
    test_quick_lines,
    test_read_prices,
    test_timeline,
    test_verify,
)
