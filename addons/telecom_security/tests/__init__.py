from . import test_headers, test_logins, test_logs, test_sessions
