"""Pure rules: numbers, prices, mark-up, routes. No clock, no log, no database, no Odoo."""
