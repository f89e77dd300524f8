"""Daemon between Odoo and Asterisk, and the pure rules that both sides import. This module imports nothing."""
