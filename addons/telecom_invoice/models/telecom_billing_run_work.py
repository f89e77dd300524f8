from odoo import models
from odoo.exceptions import UserError, ValidationError


class TelecomBillingRun(models.Model):
    """The work, by the scheduled action."""

    _inherit = "telecom.billing.run"  # pylint: disable=consider-merging-classes-inherited  # split by verb

    def _work(self, state, tell):
        self.check_access("write")
        work = {"making": self._make, "posting": self._post_drafts, "discarding": self._discard}
        work[state](tell)

    def _make(self, tell):
        """Make the drafts. Nothing due: say so, and stay a draft."""
        maker = self.env["telecom.invoice.maker"]
        maker._take_turn()
        tell(2, self.env._("Finding the calls"))
        accounts = self._accounts()
        made, problems = maker._make(
            accounts,
            since=[account.invoice_from or None for account in accounts.sudo()],
            until=[self._until(account.tz) for account in accounts],
            values={"telecom_billing_run_id": self.id, "invoice_date": self.invoice_date},
            tell=lambda share: tell(10 + int(85 * share), self.env._("Making the documents")),
        )
        words = "\n".join(f"{account.display_name}: {problem}" for account, problem in problems.items())
        if not made:
            raise UserError(words or self.env._("No calls of these accounts are to be invoiced until that day."))
        self.write({"state": "made", "problem_text": words or False})

    def _post_drafts(self, tell):
        """Post one after the other; those that cannot be posted stay drafts, and are told."""
        drafts = self.move_ids.filtered(lambda move: move.state == "draft")
        problems = []
        for place, draft in enumerate(drafts):
            tell(5 + 90 * place // len(drafts), self.env._("%(done)s of %(all)s posted", done=place, all=len(drafts)))
            try:
                with self.env.cr.savepoint():
                    draft.with_company(draft.company_id).sudo()._post(soft=False)
            except (UserError, ValidationError) as error:
                problems.append(f"{draft.partner_id.display_name}: {error}")
        self.write({"state": "made" if problems else "posted", "problem_text": "\n".join(problems) or False})

    def _discard(self, tell):
        """Delete the drafts; what is posted stays, and so does the run then."""
        self.env["telecom.invoice.maker"]._take_turn()
        tell(5, self.env._("Deleting the drafts"))
        posted = self.move_ids.filtered(lambda move: move.state != "draft")
        (self.move_ids - posted).sudo().unlink()
        self.write({"state": "posted" if posted else "draft", "problem_text": False})
