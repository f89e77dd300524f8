from odoo import fields, models
from odoo.addons.base.models.res_users import check_identity

from ..models.res_users_apikeys import ASKED
from ..tools.key_scopes import SCOPES

FULL = "full"


class ResUsersApikeysDescription(models.TransientModel):
    _inherit = "res.users.apikeys.description"

    telecom_scope = fields.Selection(
        selection=lambda self: [
            *((name, scope.label) for name, scope in SCOPES.items()),
            (FULL, "Full: all that I may"),
        ],
        string="What It May Do",
        required=True,
        default=FULL,
        help="A key can never do more than you. A narrower one does less harm when it gets into wrong hands.",
    )

    @check_identity
    def make_key(self):
        return super(ResUsersApikeysDescription, self.with_context(**{ASKED: self.telecom_scope})).make_key()
