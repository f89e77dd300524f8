from odoo import models

OFFICE_WRITES = {"account_id", "target_id", "max_calls_inbound"}
"""What resellers decide about a number: who has it and what it rings. Its digits and its holder are the owner's."""


class TelecomNumber(models.Model):
    _inherit = "telecom.number"

    def _has_field_access(self, field, operation):
        if operation == "write" and self.env.user.share and not self.env.su and field.name not in OFFICE_WRITES:
            return False
        return super()._has_field_access(field, operation)
