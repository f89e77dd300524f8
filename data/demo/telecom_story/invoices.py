"""Billing runs of two resellers: one is posted, the other one waits to be looked at."""

from datetime import timedelta

from .records import company_of

RUNS = {"rheinfon": True, "lakeside": False}
"""Company: whether its documents are posted."""

SURELY_OVER = timedelta(days=2)
"""So long before the end a day is over in every time zone."""


def load_invoices(demo, end):
    """Make the runs that are missing, for calls until two days before the end of the month (naive UTC)."""
    for company, posted in RUNS.items():
        key = f"billing_{company}"
        if demo.ref(key):
            continue
        day = (end - SURELY_OVER).date()
        run = demo.ensure(
            key,
            "telecom.billing.run",
            company_id=company_of(demo, company).id,
            date_to=day,
            invoice_date=day + timedelta(days=1),
        )
        run.action_make()
        _work(demo)
        if posted:
            run.action_post()
            _work(demo)


def _work(demo):
    """What the scheduled action does."""
    demo.env["telecom.billing.run"]._run_queued()
