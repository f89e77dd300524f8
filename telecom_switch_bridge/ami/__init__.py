"""Asterisk's manager interface: timeouts, living channels, caches, AstDB."""
