"""Daemon between Odoo and Asterisk. Importing this package imports nothing: addons use `core` without the daemon's libraries."""
