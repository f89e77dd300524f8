"""What goes out by itself: subscriptions of the bus, and messages that a tenant's actions send."""

import json
import logging
from unittest.mock import MagicMock, patch

from odoo.addons.mail.tests.common import MailCase
from odoo.addons.test_telecom.tests.worlds import mark
from odoo.tests import TransactionCase, tagged

from ..probe.attempt import REFUSED, try_it
from ..probe.parties import PARTIES, ROLES
from ..probe.table import Table
from .common import ProbeMixin

_logger = logging.getLogger(__name__)
BUS_OF_PARTNERS = ("res.partner", "mail.guest")
MAY_READ = {"acme", "north", "northfront", "northhouse"}  # whom a customer of north may meet in what it receives


@tagged("post_install", "-at_install")
class TestTalk(ProbeMixin, MailCase, TransactionCase):
    def tearDown(self):
        asked = [role for role in ROLES if any(role.name == name for _surface, name in self.table.tries)]
        for line in self.table.lines(asked) if asked else ():
            _logger.info("PROBE| %s", line)
        type(self).table = Table()
        super().tearDown()

    # -- bus ---------------------------------------------------------------------------------------------------

    def test_nobody_subscribes_to_a_stranger(self):
        for role in ROLES:
            for name in ("discuss.channel", *BUS_OF_PARTNERS):
                for record_id in sorted(self.rows.of_strangers(role, name))[:20]:
                    heard = self.subscribed(role, f"{name}_{record_id}", f"odoo-presence-{name}_{record_id}")
                    self.assertIsNot(heard, REFUSED)
                    self.table.note("bus", role, f"{name}({record_id})" if (name, record_id) in heard else None)
        self.assertEqual(self.table.found(), [])

    def test_members_hear_their_channel(self):
        """The question above would be idle if nobody could subscribe to anything."""
        role = next(role for role in ROLES if role.name == "customer admin")
        user = self.users[role.name]
        channel = self.env["discuss.channel"].create({"name": "Own", "channel_type": "group"})
        channel._add_members(users=user)
        heard = self.subscribed(role, f"discuss.channel_{channel.id}")
        self.assertIn(("discuss.channel", channel.id), heard)
        self.assertIn(("res.partner", user.partner_id.id), heard)

    def subscribed(self, role, *channels):
        """Return (model, id) of the records whose messages a person gets who asks for these channels."""
        env = self.as_role(role)
        asked = MagicMock()
        asked.session.uid = None if env.user._is_public() else env.uid
        with patch("odoo.addons.bus.models.ir_websocket.wsrequest", new=asked):
            answer = try_it(env, lambda: env["ir.websocket"]._prepare_subscribe_data(list(channels), 0)["channels"])
        if answer is REFUSED:
            return REFUSED
        records = (one[0] if isinstance(one, tuple) else one for one in answer)
        return {(record._name, record.id) for record in records if hasattr(record, "_name")}

    # -- mail --------------------------------------------------------------------------------------------------

    def test_a_note_to_a_customer(self):
        partner = self.rows.worlds.accounts["acme"].partner_id
        office = self.rows.env_of("north")(user=self.rows.users["northhouse"].id, su=True)
        person = self.rows.users["acme"].partner_id
        self.send(lambda: partner.with_env(office).message_post(
            body="Hello", partner_ids=person.ids, message_type="comment", subtype_xmlid="mail.mt_comment"
        ))  # fmt: skip

    def test_an_invitation(self):
        user = self.rows.users["acme"].with_env(self.rows.env_of("north"))
        self.send(lambda: user.with_context(create_user=True).action_reset_password())

    def test_an_invoice(self):
        env = self.rows.env_of("north")
        partner = self.rows.worlds.accounts["acme"].partner_id
        partner.email = "acme@acme.example"
        own = [("partner_id", "=", partner.id), ("move_type", "=", "out_invoice")]
        invoice = env["account.move"].search(own, limit=1)
        template = env.ref("account.email_template_edi_invoice")
        self.send(lambda: template.send_mail(invoice.id, force_send=True))

    def send(self, act):
        """Send messages of north to acme and look for anybody else in them."""
        with self.mock_mail_gateway():
            act()
            self.env.flush_all()
            self._new_mails.exists().filtered(lambda mail: mail.state == "outgoing").send()
        self.assertTrue(self._mails)
        text = json.dumps([{k: v for k, v in mail.items() if k != "EmailMessage"} for mail in self._mails], default=str)
        text = (text + "".join(str(mail["EmailMessage"]) for mail in self._mails)).lower()
        self.assertIn("acme", text)
        told = sorted(
            party for party in PARTIES - MAY_READ if mark(party).lower() in text or f"@{party}.example" in text
        )
        role = next(role for role in ROLES if role.name == "customer admin")
        self.table.note("mail received", role, f"names {told}" if told else None)
        self.assertEqual(told, [])
