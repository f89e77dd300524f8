import hashlib
import re
import secrets

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

NO_ACCESS = "."  # what Odoo calls a field of the superuser only
REALM = "bss"  # of SIP digests; the switch announces the same one
CODECS = ("alaw", "ulaw", "g722", "gsm")  # those that the switch loads
EXTENSION = re.compile(r"[1-9][0-9]{1,5}")  # a leading 0 would hide national numbers
PASSWORD = re.compile(r"[!#-~]{12,64}")  # printable ASCII without space and double quote
ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789"  # nothing that looks like another
NEW_PASSWORD_LENGTH = 20  # 116 bits with this alphabet
MOST_USERNAME_TRIES = 100


class TelecomPhone(models.Model):
    """A SIP account of a billing account: what a telephone logs in as, and its extension."""

    _name = "telecom.phone"
    _description = "Telephone"
    _inherit = ["mail.thread"]
    _order = "account_id.id, extension, id"  # by the index: the account's own order is in another table

    name = fields.Char(required=True, tracking=True, help="Who or what is called, e.g. Reception.")
    active = fields.Boolean(
        default=True, tracking=True, help="An archived telephone cannot register; its extension is free again."
    )
    account_id = fields.Many2one(
        "telecom.billing.account",
        string="Billing Account",
        required=True,
        ondelete="restrict",
        index=True,
        tracking=True,
        help="Pays for the calls of this telephone. It cannot be changed later.",
    )
    company_id = fields.Many2one(related="account_id.company_id", store=True, index=True)
    partner_id = fields.Many2one(related="account_id.partner_id", store=True, index=True, string="Customer")
    extension = fields.Char(
        required=True, tracking=True, help="2 to 6 digits, dialled by the other telephones of the account."
    )
    sip_username = fields.Char(
        string="SIP User Name", readonly=True, copy=False, help="Made from the account's number and the extension."
    )
    sip_digest = fields.Char(copy=False, groups=NO_ACCESS, help="MD5 of user:realm:password; the switch reads it.")
    sip_password = fields.Char(
        string="SIP Password",
        compute="_compute_sip_password",
        inverse="_inverse_sip_password",
        copy=False,
        help="Can be set, never read: 12 to 64 characters without spaces. 'New password' makes a good one.",
    )
    has_password = fields.Boolean(compute="_compute_has_password", compute_sudo=True)
    cli_number_id = fields.Many2one(
        "telecom.number",
        string="Caller ID",
        ondelete="restrict",
        index="btree_not_null",
        domain="[('account_id', '=', account_id)]",
        tracking=True,
        help="Number shown to the called party. Empty: the number is withheld.",
    )
    codecs = fields.Char(
        default="alaw,ulaw,g722", required=True, help="In order of preference, with commas: alaw, ulaw, g722, gsm."
    )
    max_contacts = fields.Integer(
        string="Registrations", default=1, required=True, help="How many devices may be registered at once (1 to 10)."
    )

    _extension_unique = models.UniqueIndex(
        "(account_id, extension) WHERE active",
        "Another telephone of the account has this extension: choose another one.",
    )
    _sip_username_unique = models.Constraint("UNIQUE (sip_username)", "This SIP user name is already in use.")
    _max_contacts_bounds = models.Constraint(
        "CHECK (max_contacts BETWEEN 1 AND 10)", "A telephone may have 1 to 10 registrations."
    )

    @api.depends_context("lang")
    @api.depends("extension", "name")
    def _compute_display_name(self):
        for phone in self:
            phone.display_name = f"{phone.extension or ''} {phone.name or ''}".strip()

    @api.depends("sip_username")
    def _compute_sip_password(self):
        """Passwords are not kept: nothing to show."""
        self.sip_password = False

    def _inverse_sip_password(self):
        for phone in self.filtered("sip_password"):
            if not PASSWORD.fullmatch(phone.sip_password):
                raise ValidationError(
                    self.env._("A SIP password has 12 to 64 letters, digits or signs, without spaces and quotes.")
                )
            digest = hashlib.md5(f"{phone.sip_username}:{REALM}:{phone.sip_password}".encode(), usedforsecurity=False)
            phone.sudo().sip_digest = digest.hexdigest()  # nobody may read or write the digest itself

    @api.depends("sip_digest")
    def _compute_has_password(self):
        for phone in self:
            phone.has_password = bool(phone.sip_digest)

    @api.constrains("extension", "account_id")
    def _check_extension(self):
        """Refuse what cannot be dialled, and what would hide an emergency number."""
        for phone in self:
            if not EXTENSION.fullmatch(phone.extension):
                raise ValidationError(
                    self.env._("%s cannot be an extension: use 2 to 6 digits, the first one not 0.", phone.extension)
                )
            if phone.extension in phone.account_id._get_emergency_numbers():
                raise ValidationError(
                    self.env._("%s is an emergency number: choose another extension.", phone.extension)
                )

    @api.constrains("codecs")
    def _check_codecs(self):
        for phone in self:
            if strange := [codec for codec in phone.codecs.split(",") if codec not in CODECS]:
                raise ValidationError(
                    self.env._("Unknown codec %(strange)s: use %(known)s.", strange=strange[0], known=", ".join(CODECS))
                )

    @api.constrains("cli_number_id", "account_id")
    def _check_cli_account(self):
        """Refuse a number of another account; record rules alone do not see it."""
        for phone in self.filtered("cli_number_id"):
            if phone.cli_number_id.account_id != phone.account_id:
                raise ValidationError(
                    self.env._(
                        "Telephone %s may only show a number that was given to its own account.", phone.extension
                    )
                )

    @api.constrains("account_id", "active")
    def _check_account_open(self):
        for phone in self:
            if phone.active and phone.account_id.state == "closed":
                raise ValidationError(
                    self.env._("Account %s is closed: a telephone cannot be added.", phone.account_id.display_name)
                )

    @api.model_create_multi
    def create(self, vals_list):
        """Make the SIP user name, and a dial target so that numbers can ring the telephone."""
        passwords = [vals.get("sip_password") for vals in vals_list]
        self.flush_model(["active", "account_id", "extension"])  # a telephone archived just now frees its extension
        made_here = ("sip_username", "sip_password")  # the password's digest needs the user name
        phones = super().create(
            [self._strip_spaces({key: vals[key] for key in vals if key not in made_here}) for vals in vals_list]
        )
        for phone, password in zip(phones, passwords, strict=True):
            phone.sip_username = phone._find_free_username()
            if password:
                phone.sip_password = password
        # sudo: who may add a telephone need not manage targets
        self.env["telecom.dial.target"].sudo().create(
            [{"account_id": phone.account_id.id, "kind": "phone", "phone_id": phone.id} for phone in phones]
        )
        return phones

    def write(self, vals):
        """A telephone stays with its account: its user name and its calls belong there."""
        if "account_id" in vals and any(phone.account_id.id != vals["account_id"] for phone in self):
            raise UserError(self.env._("A telephone stays with its account: archive it and add a new one there."))
        if "sip_username" in vals and any(phone.sip_username for phone in self):
            raise UserError(self.env._("The SIP user name of a telephone cannot be changed."))
        return super().write(self._strip_spaces(vals))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_rung(self):
        numbers_sudo = self.env["telecom.number"].sudo().with_context(active_test=False)
        if number := numbers_sudo.search([("target_id.phone_id", "in", self.ids)], limit=1):
            raise UserError(
                self.env._("Number %s rings this telephone: give the number another target first.", number.e164)
            )

    @api.model
    def _strip_spaces(self, vals):
        """Return the values with spaces taken out of extension and codecs."""
        return {
            key: "".join(value.split()) if key in ("extension", "codecs") and isinstance(value, str) else value
            for key, value in vals.items()
        }

    def _find_free_username(self):
        """Return a free name like a100001-101; account numbers may repeat between companies, user names may not."""
        self.ensure_one()
        number = re.sub(r"[^a-z0-9]", "", (self.account_id.number or "").lower())
        base = f"{number}-{self.extension}"
        tries = [base] + [f"c{self.company_id.id}x{turn}{base}" for turn in range(1, MOST_USERNAME_TRIES)]
        # sudo and archived ones too: the name is unique over all tenants
        phones_sudo = self.sudo().with_context(active_test=False)
        taken = set(phones_sudo.search([("sip_username", "in", tries)]).mapped("sip_username"))
        return next(name for name in tries if name not in taken)

    def action_new_password(self):
        """Set a new random password and show it, this one time; it is not stored."""
        self.ensure_one()
        self.check_access("write")
        password = "".join(secrets.choice(ALPHABET) for _ in range(NEW_PASSWORD_LENGTH))
        self.sip_password = password
        self.sudo().message_post(body=self.env._("A new SIP password was set."))  # outsiders post nothing themselves
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("New SIP password"),
            "res_model": "telecom.phone.password",
            "view_mode": "form",
            "target": "new",
            "context": {"default_phone_id": self.id, "default_sip_password": password},
        }
