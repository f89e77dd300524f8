from odoo import api, fields, models
from odoo.addons.telecom_rerate.models.telecom_rerate_run import TelecomRerateRun as RerateRun
from odoo.exceptions import UserError
from odoo.tools import SQL

LEDGER_READERS = "telecom_base.group_accountant,telecom_base.group_auditor"
ON_DOCUMENT = """exists (select from telecom_call_charge mine
    join telecom_invoiced_charge invoiced on invoiced.charge_id = mine.id
    where mine.record_id = r.id and mine.started_at = r.started_at)"""

STANDING = """select distinct invoiced.move_id from telecom_call_correction l
    join telecom_invoiced_charge invoiced on invoiced.charge_id = l.charge_id where l.run_id = %s"""
STANDING_UNDONE = """select distinct invoiced.move_id from telecom_call_correction l
    join telecom_call_charge c on c.record_id = l.record_id and c.started_at = l.started_at
        and c.account_id = l.account_id and c.refunds_id is null and c.run_id = l.run_id
    join telecom_invoiced_charge invoiced on invoiced.charge_id = c.id where l.run_id = %s"""


class TelecomRerateRun(models.Model):
    """Calls that are on invoices already: left as they are, or corrected by credit notes when the user says so."""

    _inherit = "telecom.rerate.run"
    _choice = RerateRun._choice | {"invoiced"}

    invoiced = fields.Selection(
        [("leave", "Leave Them as They Are"), ("credit", "Correct Them by Credit Notes")],
        string="Invoiced Calls",
        required=True,
        default="leave",
        tracking=True,
        help="Calls of which a charge is on an invoice, at any level. Credit notes of the difference (invoices, where"
        " calls become dearer) are made as drafts when the re-rating is applied, one for each invoice.",
    )
    invoiced_count = fields.Integer(
        string="Invoiced Calls of the Period", copy=False, readonly=True, help="As they were when it was compared."
    )
    move_ids = fields.One2many(
        "account.move", "telecom_rerate_run_id", string="Credit Notes", readonly=True, groups=LEDGER_READERS
    )
    move_count = fields.Integer(
        string="Documents", compute="_compute_move_count", compute_sudo=True, groups=LEDGER_READERS
    )

    @api.depends("move_ids")
    def _compute_move_count(self):
        for run in self:
            run.move_count = len(run.move_ids)

    def _preview(self, tell):
        super()._preview(tell)
        self.invoiced_count = self._count_invoiced() if self.subject != "costs" else 0

    def _charge_conditions(self):
        conditions = super()._charge_conditions()
        if self.invoiced == "leave" and self._is_any_invoiced():
            conditions.append(SQL("not %s", SQL(ON_DOCUMENT)))
        return conditions

    def _is_any_invoiced(self):
        """Return whether any call of the period is on a document."""
        query = "select exists(select from telecom_invoiced_charge where started_at >= %s and started_at < %s)"
        self.env.cr.execute(query, [self.date_from, self.date_to])
        return self.env.cr.fetchone()[0]

    def _count_invoiced(self):
        """Return how many of the calls that are asked for are on a document."""
        if not self._is_any_invoiced():
            return 0
        conditions = SQL(" and ").join([*super()._charge_conditions(), SQL(ON_DOCUMENT)])
        query = "select count(*) from telecom_call_record r where r.started_at >= %s and r.started_at < %s and %s"
        with self._bulk_plans():
            self.env.cr.execute(SQL(query, self.date_from, self.date_to, conditions))
            return self.env.cr.fetchone()[0]

    def _post(self, *, undo):
        """Post, with the documents that follow from it. Invoices being made meanwhile wait, or this begins again."""
        self.check_access("write")
        self.env["telecom.invoice.maker"]._take_turn()
        if undo:
            drafts_sudo = self.sudo().move_ids.filtered(lambda move: move.state == "draft")
            drafts_sudo.unlink()  # what they were for is undone; posted ones are corrected by further ones
        standing = self._documents_of_corrected(undo)
        self._refuse_documents(standing, undo)
        super()._post(undo=undo)
        if standing:
            self._make_documents(standing.telecom_account_id, undo)

    def _make_documents(self, accounts, undo):
        """Make drafts of what was corrected just now."""
        _made, problems = self.env["telecom.invoice.maker"]._make(
            accounts,
            since=[self.date_from] * len(accounts),
            until=[self.date_to] * len(accounts),
            runs=[self.id, -self.id] if undo else [self.id],
            values={"telecom_rerate_run_id": self.id},
        )
        if problems:
            raise UserError("\n".join(f"{one.display_name}: {problem}" for one, problem in problems.items()))

    def _refuse_documents(self, standing, undo):
        """Raise UserError when calls stand on documents that this must not, or cannot yet, correct."""
        if standing and self.invoiced == "leave":
            raise UserError(
                self.env._(
                    "Some of these calls have been invoiced since: %(documents)s. Nothing was changed: %(remedy)s",
                    documents=self._names(standing),
                    remedy=self.env._("make another re-rating, which corrects them by credit notes.")
                    if undo
                    else self.env._("compare again, or choose to correct invoiced calls by credit notes."),
                )
            )
        if drafts := standing.filtered(lambda move: move.state == "draft"):
            raise UserError(
                self.env._(
                    "Some of these calls are on drafts: %s. Nothing was changed: post or delete those first.",
                    self._names(drafts),
                )
            )

    def _documents_of_corrected(self, undo):
        """Return the documents on which the charges stand that are to be given back."""
        documents_sudo = self.env["account.move"].sudo()
        if not self._is_any_invoiced():
            return documents_sudo
        with self._bulk_plans():
            self.env.cr.execute(STANDING_UNDONE if undo else STANDING, [self.id])
            return documents_sudo.browse([move_id for (move_id,) in self.env.cr.fetchall()])

    def _names(self, moves):
        """Return the first documents by name, for a message."""
        names = [move.display_name for move in moves[:5]]
        return ", ".join(names) + (self.env._(" and %s more", len(moves) - 5) if len(moves) > 5 else "")

    def action_open_moves(self):
        """Open the credit notes."""
        self.ensure_one()
        self.env["account.move"].check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("account.action_move_out_refund_type")
        domain = [("telecom_rerate_run_id", "=", self.id)]
        return {**action, "domain": domain, "context": {"create": False}, "display_name": self.name}
