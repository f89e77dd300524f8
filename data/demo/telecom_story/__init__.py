"""The month of the demo: more companies, and calls that the bridge's own code authorises and settles."""
