from . import test_headers, test_key_scopes, test_logins, test_logs, test_sessions
