"""What was made before is found by its key; the tables beside the package say what there is to make."""

import csv
from pathlib import Path

MODULE = "__demo_telecom__"  # of the external ids: what has one is never made twice
FOLDER = Path(__file__).resolve().parents[1]
CONTEXT = {"tracking_disable": True, "mail_create_nosubscribe": True, "no_reset_password": True}


def read_table(name):
    """Return the rows of a table as dicts of text, empty cells left out."""
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return [{key: value for key, value in row.items() if value} for row in csv.DictReader(file)]


class Demo:
    """The environment of one run, and how many records it made."""

    def __init__(self, env):
        self.env = env(context={**env.context, **CONTEXT})
        self.made = 0

    def use_companies(self, companies):
        """Work in several companies at once, the first one being the current one."""
        self.env = self.env(context={**self.env.context, "allowed_company_ids": [company.id for company in companies]})

    def add_company(self, company):
        """Work in one company more."""
        allowed = self.env.context.get("allowed_company_ids", [])
        self.env = self.env(context={**self.env.context, "allowed_company_ids": [*allowed, company.id]})

    def ref(self, key):
        """Return the record of a key; None if it was never made."""
        return self.env.ref(f"{MODULE}.{key}", raise_if_not_found=False)

    def mark(self, key, record):
        """Give a record the key by which later runs find it."""
        self.env["ir.model.data"].create(
            {"module": MODULE, "name": key, "model": record._name, "res_id": record.id, "noupdate": True}
        )
        self.made += 1
        return record

    def ensure(self, key, model, **values):
        """Return the record of a key; make it from `values` if it was never made."""
        return self.ref(key) or self.mark(key, self.env[model].create(values))
