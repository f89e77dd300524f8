import re

from odoo.tests import tagged
from odoo.tools import SQL

from .common import PbxCase


@tagged("post_install", "-at_install")
class TestListOrder(PbxCase):
    """The first page of a long list is read in the order of an index: never are all rows sorted to show 80 of them."""

    def sorts_all(self, model):
        """True when PostgreSQL sorts all rows although it was asked not to; within equal keys it may."""
        self.env.cr.execute("set local enable_sort = off; set local enable_seqscan = off")
        self.env.cr.execute("set local enable_bitmapscan = off; set local enable_hashjoin = off")
        query = self.env[model]._search([], order=self.env[model]._order, limit=80)
        self.env.cr.execute(SQL("explain %s", query.select()))
        return any(re.match(r"(\s*->)?\s*Sort  \(", line) for (line,) in self.env.cr.fetchall())

    def test_accounts(self):
        self.assertFalse(self.sorts_all("telecom.billing.account"))

    def test_telephones(self):
        self.assertFalse(self.sorts_all("telecom.phone"))

    def test_what_sorts_all_is_found(self):
        self.assertTrue(self.sorts_all("telecom.dial.target"))  # by the account's own order
