from odoo import fields, models


class TelecomPhonePassword(models.TransientModel):
    """Shows a new SIP password once. The password is not a column: it only passes through the dialog."""

    _name = "telecom.phone.password"
    _description = "New SIP Password"

    phone_id = fields.Many2one("telecom.phone", string="Telephone", required=True, readonly=True, ondelete="cascade")
    sip_username = fields.Char(related="phone_id.sip_username", string="SIP User Name")
    sip_password = fields.Char(string="SIP Password", store=False, readonly=True)
