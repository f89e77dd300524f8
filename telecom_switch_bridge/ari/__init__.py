"""Asterisk's REST interface: what the manager interface cannot do, such as speaking to one party of a call."""
