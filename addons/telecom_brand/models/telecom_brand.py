from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools.mail import single_email_re

from ..tools.colour import COLOUR
from ..tools.picture import picture_fault
from ..tools.style_check import style_faults

PORT_PARAMETER = "telecom_brand.https_port"  # where visitors reach the reverse proxy, when it is not 443
PRIMARY, SECONDARY = "#1f2a44", "#2563eb"
OF_COMPANY = ("logo", "primary_color", "secondary_color", "document_header", "document_footer", "name")
"""Fields that documents take from the company."""


class TelecomBrand(models.Model):
    """How a tenant shows itself: on pages of its hosts, in e-mails, on documents. The host of a request picks it."""

    _name = "telecom.brand"
    _description = "Brand"
    _order = "name, id"

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="cascade", help="Whose brand it is."
    )
    name = fields.Char(string="Brand Name", required=True, help="What customers read on pages and in e-mails.")
    host_ids = fields.One2many("telecom.brand.host", "brand_id", string="Host Names")
    url = fields.Char(
        string="Address", compute="_compute_url", compute_sudo=True, help="Where its customers log in; used in e-mails."
    )
    logo = fields.Image(max_width=1024, max_height=1024, help="PNG, JPEG or GIF, up to 1 MB.")
    favicon = fields.Image(string="Icon", max_width=256, max_height=256, help="The small square in the browser's tab.")
    primary_color = fields.Char(string="First Colour", required=True, default=PRIMARY, help="Menus and bars.")
    secondary_color = fields.Char(string="Second Colour", required=True, default=SECONDARY, help="Buttons and links.")
    sender_name = fields.Char(help="Name before the sender's address. Empty: the brand's name.")
    sender_email = fields.Char(
        string="Sender's Address",
        help="E-mails come from it. The mail server of this system must be allowed to send for its domain (SPF).",
    )
    support_email = fields.Char(string="Support E-mail", help="Shown on pages and in e-mails; answers go to it.")
    support_phone = fields.Char(string="Support Telephone")
    footer = fields.Char(help="One line below pages and e-mails, such as the company's name and registration.")
    document_header = fields.Char(help="Beside the logo on documents (PDF). Empty: the brand's name.")
    document_footer = fields.Text(help="Below every page of documents: bank, registration, tax number.")
    style = fields.Text(
        string="Own Style (CSS)",
        help="Loaded after ours on every page of this brand. Nothing in it may load from elsewhere.",
    )
    page_ids = fields.One2many("telecom.brand.page", "brand_id", string="Own Page Templates")
    website_id = fields.Many2one(
        "website", readonly=True, copy=False, ondelete="set null", help="The site that its hosts show; made by itself."
    )

    _company_unique = models.Constraint("UNIQUE (company_id)", "This company has a brand already.")

    @api.depends("host_ids.name", "host_ids.state", "host_ids.sequence")
    def _compute_url(self):
        port = (self.env["ir.config_parameter"].sudo().get_param(PORT_PARAMETER) or "").strip()
        for brand in self:
            plain = brand._telecom_plain_url()
            brand.url = plain and plain + (f":{port}" if port and port != "443" else "")

    # -- checks ------------------------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        brands = super().create([self._telecom_tidy(vals) for vals in vals_list])
        brands._telecom_show_on_documents()
        return brands

    def write(self, vals):
        if not self.env.su and {"company_id", "website_id"} & vals.keys():
            raise UserError(self.env._("A brand stays with its company."))
        done = super().write(self._telecom_tidy(vals))
        if any(name in vals for name in OF_COMPANY):
            self._telecom_show_on_documents()
        if {"name", "logo", "favicon"} & vals.keys():
            self._telecom_show_on_website()
        return done

    @api.model
    def _telecom_tidy(self, vals):
        """Return values as they are stored; raise ValidationError for a picture that is none, before it is read."""
        tidy = dict(vals)
        for name in ("logo", "favicon"):
            if tidy.get(name) and (fault := picture_fault(tidy[name])):
                raise ValidationError(
                    self.env._(
                        "%(field)s: %(fault)s. Choose another file.",
                        field=self._fields[name]._description_string(self.env),
                        fault=fault,
                    )
                )
        for name in ("primary_color", "secondary_color"):
            if tidy.get(name):
                tidy[name] = tidy[name].strip().lower()
        return tidy

    @api.constrains("primary_color", "secondary_color")
    def _check_colours(self):
        for colour in (*self.mapped("primary_color"), *self.mapped("secondary_color")):
            if not COLOUR.fullmatch(colour):
                raise ValidationError(self.env._("%s is no colour. Write it as #1f2a44.", colour))

    @api.constrains("sender_email", "support_email")
    def _check_addresses(self):
        for address in filter(None, (*self.mapped("sender_email"), *self.mapped("support_email"))):
            if not single_email_re.fullmatch(address):
                raise ValidationError(self.env._("%s is not an e-mail address. Write it as name@example.com.", address))

    @api.constrains("name", "sender_name")
    def _check_names(self):
        for name in filter(None, (*self.mapped("name"), *self.mapped("sender_name"))):
            if any(ord(letter) < 32 for letter in name):
                raise ValidationError(self.env._("A name has one line."))

    @api.constrains("style")
    def _check_style(self):
        for brand in self:
            if faults := style_faults(brand.style or ""):
                lines = ", ".join(
                    self.env._("%(what)s in line %(line)s", what=what, line=line) for line, what in faults
                )
                raise ValidationError(self.env._("The style cannot have: %s. Take it out and save again.", lines))

    # -- what is shown elsewhere -------------------------------------------------------------------------------

    def _telecom_show_on_documents(self):
        """Give the company what the layouts of documents read from it."""
        for brand_sudo in self.sudo():  # a reseller's administrator may change its brand, and no company
            values = {
                "logo": brand_sudo.logo,  # without one, none: a new company has a picture that says "Your logo"
                "primary_color": brand_sudo.primary_color,
                "secondary_color": brand_sudo.secondary_color,
                "report_header": brand_sudo.document_header or brand_sudo.name,
                "report_footer": brand_sudo.document_footer,
            }
            brand_sudo.company_id.write(values)

    def _telecom_show_on_website(self):
        for brand_sudo in self.sudo().filtered("website_id"):
            values = {"name": brand_sudo.name, "domain": brand_sudo._telecom_plain_url()}
            values.update({name: brand_sudo[name] for name in ("logo", "favicon") if brand_sudo[name]})
            brand_sudo.website_id.write(values)

    def _telecom_plain_url(self):
        """Return its address without a port; websites are compared with the host of a request by it."""
        host = self.host_ids.filtered(lambda one: one.state == "active").sorted()[:1].name
        return f"https://{host}" if host else False

    def _telecom_open_hosts(self):
        """Put a website of the company behind the brand's hosts, so that visitors are the company's."""
        for brand_sudo in self.sudo():
            if brand_sudo.url and not brand_sudo.website_id:
                brand_sudo.website_id = self.env["website"].sudo()._telecom_make(brand_sudo)
        self._telecom_show_on_website()
