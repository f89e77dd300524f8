"""PostgreSQL: pool, listener, catalogue, reservations, ledger. Every statement stands in `queries/`."""
