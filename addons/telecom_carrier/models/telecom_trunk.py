import re
from ipaddress import IPv4Network, ip_address

from odoo import api, fields, models
from odoo.addons.telecom_base.tools.optional_integer import OptionalInteger
from odoo.exceptions import UserError, ValidationError

NO_ACCESS = "."  # what Odoo calls a field of the superuser only
CODECS = ("alaw", "ulaw", "g722", "gsm")  # those that the switch loads
LABEL = r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
HOST = re.compile(rf"(?=.{{1,253}}$){LABEL}(\.{LABEL})*")  # RFC 1123; whatever stands here becomes part of a SIP URI
ALL_NUMERIC = re.compile(r"[0-9.]+")
USERNAME = re.compile(r"[A-Za-z0-9._~+@-]{1,64}")
PASSWORD = re.compile(r"[!#-~]{1,128}")  # printable ASCII without space and double quote
PREFIX = re.compile(r"[0-9*#]{0,15}")
MAX_MATCHES = 20
MAX_STRIPPED = 15  # digits of a number (ITU-T E.164)


class TelecomTrunk(models.Model):
    """A SIP connection to a carrier: where it is, how we log in, how it wants numbers written."""

    _name = "telecom.trunk"
    _description = "SIP Trunk"
    _inherit = ["mail.thread", "telecom.limit.mixin"]
    _order = "carrier_id, name, id"

    name = fields.Char(required=True, tracking=True)
    active = fields.Boolean(default=True, tracking=True, help="An archived trunk gets and takes no calls.")
    carrier_id = fields.Many2one("telecom.carrier", required=True, ondelete="restrict", index=True, tracking=True)
    company_id = fields.Many2one(related="carrier_id.company_id", store=True, index=True)
    host = fields.Char(required=True, tracking=True, help="IPv4 address or name of the carrier's SIP server.")
    port = fields.Integer(default=5060, required=True, tracking=True)
    transport = fields.Selection(
        [("udp", "UDP"), ("tcp", "TCP"), ("tls", "TLS")],
        required=True,
        default="udp",
        tracking=True,
        help="TLS: nobody on the way reads who calls whom. The carrier's certificate must be of the host's name or"
        " address, and of an authority that the switch trusts.",
    )
    encrypts_media = fields.Boolean(
        string="Encrypted Voice",
        tracking=True,
        help="The voice is encrypted too (SRTP, its keys in SDP: RFC 4568); a carrier that does not offer it gets and"
        " brings no calls. Only with TLS, since the keys travel with the call's signalling.",
    )
    username = fields.Char(
        string="User Name", tracking=True, help="Empty: the carrier knows us by our address and asks for no password."
    )
    password = fields.Char(
        "Stored Password", copy=False, groups=NO_ACCESS, help="The switch needs it as it is, to answer challenges."
    )
    new_password = fields.Char(
        string="Password",
        compute="_compute_new_password",
        inverse="_inverse_new_password",
        copy=False,
        help="Can be set, never read.",
    )
    has_password = fields.Boolean(compute="_compute_has_password", compute_sudo=True, string="Password Set")
    match_ips = fields.Char(
        string="Calls Come From",
        tracking=True,
        help="Addresses or networks (192.0.2.0/28) from which the carrier sends calls, separated by commas."
        " Empty: the host above; for a trunk that registers, whoever knows its registration.",
    )
    strip_digits = fields.Integer(
        default=0, help="How many leading digits of the international number (442079460000) are left out."
    )
    add_prefix = fields.Char(
        string="Put in Front", help="Digits put before the number, for example a technical prefix of the carrier."
    )
    plus_sign = fields.Boolean(string="Leading +", default=False, help="Send +442079460000 instead of 442079460000.")
    codecs = fields.Char(
        default="alaw,ulaw", required=True, help="In order of preference, with commas: alaw, ulaw, g722, gsm."
    )
    max_channels = OptionalInteger(
        string="Channels",
        tracking=True,
        help="How many calls, both ways together, the carrier takes on this trunk at the same time. When they are all"
        " in use, calls go over the next trunk of their route. Emergency calls are never held back. Empty: no limit.",
    )
    max_calls_per_second = OptionalInteger(
        string="New Calls per Second",
        tracking=True,
        help="How many calls we begin on this trunk in one second, at each switch node; further ones go over the next"
        " trunk of their route. Empty: no limit.",
    )
    give_up_s = OptionalInteger(
        string="Give Up after (s)",
        default=4,
        tracking=True,
        help="A call that gets no sign of life at all from the carrier goes over the next trunk of its route after so"
        " many seconds. A carrier that has said anything ('trying' is enough) keeps its ringing time. Empty: as long as"
        " the switch tries, 12.8 s.",
    )
    same_address = fields.Char(compute="_compute_same_address")

    _name_unique = models.Constraint("UNIQUE (carrier_id, name)", "This carrier has a trunk of this name already.")
    _port_bounds = models.Constraint("CHECK (port BETWEEN 1 AND 65535)", "A port is a number from 1 to 65535.")
    _give_up_bounds = models.Constraint(
        "CHECK (give_up_s BETWEEN 1 AND 12)", "Give a dead carrier up after 1 to 12 seconds, or leave it empty."
    )
    _media_needs_tls = models.Constraint(
        "CHECK (transport = 'tls' OR encrypts_media IS NOT TRUE)",
        "Encrypted voice needs TLS: without it everybody on the way reads the keys.",
    )
    _strip_bounds = models.Constraint(
        f"CHECK (strip_digits BETWEEN 0 AND {MAX_STRIPPED})", "At most 15 digits can be left out."
    )

    @api.onchange("transport")
    def _onchange_transport(self):
        """Follow the usual port of SIP over TLS (RFC 3261, 19.1.2); one that somebody chose stays."""
        old, new = (5060, 5061) if self.transport == "tls" else (5061, 5060)
        if self.port == old:
            self.port = new
        if self.transport != "tls":
            self.encrypts_media = False

    def _compute_new_password(self):
        """Passwords are not shown."""
        self.new_password = False

    def _inverse_new_password(self):
        for trunk in self.filtered("new_password"):
            trunk.sudo().password = trunk.new_password  # nobody may read the field itself

    @api.depends("password")
    def _compute_has_password(self):
        for trunk in self:
            trunk.has_password = bool(trunk.password)

    @api.depends("host", "match_ips", "active", "carrier_id.active")
    def _compute_same_address(self):
        """Name the other trunk from which calls cannot be told apart; routing to the carrier works all the same."""
        others = self.search([("carrier_id.active", "=", True)])
        for trunk in self:
            mine = trunk._matches()
            same = others.filtered(
                lambda other, mine=mine, trunk=trunk: other != trunk._origin and other._matches() & mine
            )
            trunk.same_address = same[:1].name if trunk.active else False

    def _matches(self):
        """Return the addresses that calls come from, as texts."""
        return set((self.match_ips or self.host or "").split(",")) - {""}

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._tidy(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._tidy(vals))

    @api.model
    def _tidy(self, vals):
        """Return `vals` without spaces where the switch takes none."""
        vals = dict(vals)
        for name in ("match_ips", "codecs"):
            if vals.get(name):
                vals[name] = ",".join(filter(None, re.split(r"[,;\s]+", vals[name])))
        for name in ("host", "username", "add_prefix"):
            if vals.get(name):
                vals[name] = vals[name].strip()
        return vals

    @api.constrains("host")
    def _check_host(self):
        for trunk in self:
            if not HOST.fullmatch(trunk.host) or (ALL_NUMERIC.fullmatch(trunk.host) and not is_ipv4(trunk.host)):
                raise ValidationError(
                    self.env._("%s is no host: give an IPv4 address or a name such as sip.example.com.", trunk.host)
                )

    @api.constrains("username", "password")
    def _check_login(self):
        for trunk in self.sudo():  # the password is nobody's to read
            if trunk.username and not USERNAME.fullmatch(trunk.username):
                raise ValidationError(
                    self.env._("%s is no SIP user name: use up to 64 letters, digits and . _ ~ + @ -", trunk.username)
                )
            if trunk.password and not PASSWORD.fullmatch(trunk.password):
                raise ValidationError(
                    self.env._("A password has up to 128 letters, digits or signs, without spaces and double quotes.")
                )

    @api.constrains("match_ips")
    def _check_match_ips(self):
        for trunk in self.filtered("match_ips"):
            networks = trunk.match_ips.split(",")
            if len(networks) > MAX_MATCHES:
                raise ValidationError(self.env._("At most %s addresses can be given.", MAX_MATCHES))
            for network in networks:
                if not is_network(network):
                    raise ValidationError(
                        self.env._("%s is no IPv4 address or network, such as 192.0.2.7 or 192.0.2.0/28.", network)
                    )

    @api.constrains("add_prefix")
    def _check_add_prefix(self):
        for trunk in self:
            if not PREFIX.fullmatch(trunk.add_prefix or ""):
                raise ValidationError(
                    self.env._("%s cannot be put in front: use up to 15 of the digits 0-9 * #.", trunk.add_prefix)
                )

    @api.constrains("codecs")
    def _check_codecs(self):
        for trunk in self:
            codecs = trunk.codecs.split(",")
            unknown = [codec for codec in codecs if codec not in CODECS]
            if unknown or len(set(codecs)) != len(codecs):
                raise ValidationError(self.env._("Codecs: choose from %s, each once, with commas.", ", ".join(CODECS)))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_routed(self):
        lines_sudo = self.env["telecom.route.line"].sudo()  # also of archived routes
        if lines_sudo.search_count([("trunk_id", "in", self.ids)], limit=1):
            raise UserError(self.env._("Routes use this trunk. Archive it, or take it out of the routes first."))


def is_ipv4(text):
    """True for an IPv4 address."""
    try:
        return ip_address(text).version == 4  # the protocol's number
    except ValueError:
        return False


def is_network(text):
    """True for an IPv4 address or network, but not for one that holds the whole internet."""
    try:
        return IPv4Network(text, strict=False).prefixlen >= 8  # the largest that anybody owns
    except ValueError:
        return False
