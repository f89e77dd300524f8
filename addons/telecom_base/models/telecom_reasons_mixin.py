from odoo import api, models
from odoo.fields import Domain

MOST_ROWS = 1000  # pages further back are found as ever


class TelecomReasonsMixin(models.AbstractModel):
    """Rows that somebody may see for one of several reasons, in pages of the newest.

    PostgreSQL reads no index in order where a rule joins reasons by OR: it goes through everybody's rows. So a page is
    found for each reason by itself, by that reason's index, and put together. Record rules bind each of these searches
    and the last one: a reason narrows what they allow, it opens nothing.
    """

    _name = "telecom.reasons.mixin"
    _description = "Rows Seen for Several Reasons"

    @api.model
    def _reasons(self):
        """Return domains that together cover all that the user may see; fewer than two: search as ever."""
        return []

    @api.model
    def _search(self, domain, offset=0, limit=None, order=None, *, active_test=True, bypass_access=False):
        most = (offset or 0) + (limit or 0)
        if limit and most <= MOST_ROWS and order == self._order and not (self.env.su or bypass_access):
            domain = self._by_reason(Domain(domain), most, order, active_test)
        return super()._search(domain, offset, limit, order, active_test=active_test, bypass_access=bypass_access)

    @api.model
    def _by_reason(self, domain, most, order, active_test):
        """Return a domain of the first `most` rows, whatever the reason; the same domain when there is one reason."""
        reasons = self._reasons()
        if len(reasons) < 2:
            return domain
        narrow = super()._search
        found = [narrow(domain & reason, 0, most, order, active_test=active_test) for reason in reasons]
        return Domain("id", "in", {record_id for query in found for record_id in query.get_result_ids()})
