import re
from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, tagged

from .common import BrandCase

PASSWORD = "long-enough-for-tests"


@tagged("post_install", "-at_install")
class TestBrandPages(HttpCase, BrandCase):
    """The host of a request picks the brand; a host of nobody tells of nobody."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.nora = cls.outsider("nora", "reseller_admin", cls.north)
        cls.amir = cls.outsider("amir", "customer_admin", cls.north, cls.acme.partner_id)
        cls.lone = cls.outsider("lone", "customer_user", cls.owner, cls.school.partner_id)
        cls.boss = cls.staff("support")
        (cls.nora | cls.amir | cls.lone | cls.boss).password = PASSWORD

    def at(self, host, path, **more):
        """Open a page of a host with the present session; the client would send cookies to their own host only."""
        self.opener.cookies.clear()
        if session := getattr(self, "session", None):
            self.opener.cookies.set("session_id", session.sid)
        return self.url_open(path, headers={"Host": host, **more.pop("headers", {})}, **more)

    def log_in(self, host, login, password=PASSWORD):
        """Log in by the page of a host; return the answer."""
        self.authenticate(None, None)
        page = self.at(host, "/web/login").text
        token = re.search(r'name="csrf_token" value="([^"]+)"', page)[1]
        data = {"csrf_token": token, "login": login, "password": password}
        return self.at(host, "/web/login", data=data, allow_redirects=False)

    def assert_plain(self, text, *foreign):
        """Assert that a page has no word of the software's maker, and none of others."""
        shown = re.sub(r"<script.*?</script>|<!--.*?-->|/web/assets/[^\"]*|odoo\.\w+", "", text, flags=re.DOTALL)
        for word in ("Odoo", "odoo.com", *foreign):
            self.assertNotIn(word, shown)

    def test_pages_of_two_hosts_show_two_brands(self):
        for path in ("/web/login", "/web/reset_password", "/nowhere"):
            north, owner = self.at("north.test", path).text, self.at("owner.test:8443", path).text
            with self.subTest(path):
                self.assertIn("North Brand", north)
                self.assertIn("North Voice Ltd, York", north)
                self.assertIn("Owner Brand", owner)
                self.assertNotIn("/contactus", north)
                self.assert_plain(north, "Owner Brand", self.owner.name)
                self.assert_plain(owner, "North Brand")

    def test_a_host_of_nobody_tells_of_nobody(self):
        self.host("waiting.test", self.norths, state="waiting")
        for host in ("127.0.0.1", "unknown.test", "waiting.test", "north.test.unknown.test"):
            for path in ("/web/login", "/web/reset_password", "/nowhere", "/contactus", "/website/info"):
                with self.subTest(f"{host}{path}"):
                    self.assert_plain(
                        self.at(host, path).text, "North Brand", "Owner Brand", self.owner.name, "North V"
                    )
        self.assertEqual(self.at("unknown.test", "/brand/logo").status_code, 404)
        self.assertEqual(self.at("unknown.test", "/brand/favicon").headers["Content-Type"], "image/png")

    def test_logo_icon_and_style_are_those_of_the_host_whatever_is_asked(self):
        owner = self.at("owner.test", "/brand/logo").content
        north = self.at("north.test", "/brand/logo").content
        self.assertNotEqual(owner, north)
        for path in (f"/logo.png?company={self.owner.id}", f"/web/binary/company_logo?company={self.owner.id}"):
            self.assertEqual(self.at("north.test", path).content, north)
        self.norths.style = ".mine { color: red }"
        self.assertIn(".mine", self.at("north.test", "/brand/style.css").text)
        self.assertIn("#aa3300", self.at("north.test", "/brand/style.css").text)
        self.assertNotIn(".mine", self.at("owner.test", "/brand/style.css").text)

    def test_a_stranger_at_a_host_is_answered_like_a_wrong_password(self):
        wrong = self.log_in("north.test", "nora", "wrong").text
        self.assertIn("Wrong login/password", wrong)
        mask = re.compile(r'csrf_token[^>]*|value="[^"]*"|"\w{40,}o\d+"')
        for login in ("lone", "nobody", self.boss.login):
            with self.subTest(login):
                answer = self.log_in("north.test", login)
                self.assertEqual(answer.status_code, 200)
                self.assertEqual(mask.sub("", answer.text), mask.sub("", wrong))
        self.assertEqual(self.log_in("owner.test", "nora").status_code, 200)
        for host, login in (("north.test", "nora"), ("owner.test", "lone"), ("owner.test", self.boss.login),
                            ("unknown.test", "nora")):  # fmt: skip
            with self.subTest(f"{login} at {host}"):
                self.assertEqual(self.log_in(host, login).status_code, 303)

    def test_remote_calls_know_the_hosts_people_only(self):
        database = self.env.cr.dbname
        log_in = ("common", "login", [database, "nora", PASSWORD])
        call = ("object", "execute", [database, self.nora.id, PASSWORD, "res.users", "read", [self.nora.id], ["name"]])
        for host, known in (("north.test", True), ("owner.test", False), ("north.test", True)):
            for service, method, args in (log_in, call):
                asked = {"service": service, "method": method, "args": args}
                answer = self.url_open("/jsonrpc", json={"params": asked}, headers={"Host": host}).json()
                self.assertEqual(bool(answer.get("result")), known, answer)

    def test_a_key_is_known_at_its_persons_hosts(self):
        in_a_day = fields.Datetime.now() + timedelta(days=1)
        key = self.env["res.users.apikeys"].with_user(self.boss)._generate("rpc", "probe", in_a_day)
        headers = {"Authorization": f"Bearer {key}"}
        for host, status in (("owner.test", 200), ("north.test", 401), ("unknown.test", 200)):
            call = {"ids": self.boss.ids, "fields": ["name"]}
            answer = self.at(host, "/json/2/res.users/read", json=call, headers=headers)
            self.assertEqual(answer.status_code, status, answer.text)

    def test_a_session_is_one_hosts(self):
        self.authenticate("nora", PASSWORD)
        self.assertEqual(self.at("north.test", "/my", allow_redirects=False).status_code, 200)
        self.authenticate("nora", PASSWORD)
        answer = self.at("owner.test", "/my", allow_redirects=False)
        self.assertIn("/web/login", answer.headers.get("Location", ""))

    def test_the_office_is_the_brands(self):
        self.authenticate("nora", PASSWORD)
        text = self.at("north.test", "/office").text
        self.assertIn("<title>North Brand</title>", text)
        self.assertIn("/brand/style.css?", text)
        self.assertIn("office-brand", text)
        self.assert_plain(text, "Owner Brand")
        self.authenticate("amir", PASSWORD)
        self.assertNotIn("office-brand", self.at("north.test", "/office").text)

    def test_a_brands_own_templates_stand_around_its_pages_only(self):
        pages = [
            {
                "kind": kind,
                "body": f"<section class='mine'><h2>Hi from {kind} of {{{{name}}}}</h2>{{{{content}}}}</section>",
            }
            for kind in ("home", "login", "portal", "error")
        ]
        self.norths.page_ids = [(0, 0, page) for page in pages]
        self.assertRegex(self.at("north.test", "/").text, r"Hi from home of North Brand[\s\S]+Log in")
        self.assertRegex(self.at("north.test", "/web/login").text, r"Hi from login[\s\S]+name=\"password\"")
        self.assertRegex(self.at("north.test", "/nowhere").text, "Hi from error")
        self.authenticate("amir", PASSWORD)
        self.assertRegex(self.at("north.test", "/my/accounts").text, r"Hi from portal[\s\S]+Acme Trading")
        self.authenticate(None, None)
        for path in ("/", "/web/login", "/nowhere"):
            self.assertNotIn("Hi from", self.at("owner.test", path).text)

    def test_without_a_home_page_the_way_leads_in(self):
        self.assertIn("/web/login", self.at("north.test", "/", allow_redirects=False).headers["Location"])
        self.authenticate("amir", PASSWORD)
        self.assertRegex(self.at("north.test", "/", allow_redirects=False).headers["Location"], "/my$")

    def test_the_header_has_the_cart_where_a_shop_is_installed(self):
        self.assertNotIn("/shop/cart", self.at("north.test", "/web/login").text)
        arch = """<t t-name="website_sale.header_cart_link">
            <li t-attf-class="cart #{_item_class}"><a href="/shop/cart" t-attf-class="#{_link_class}">7</a></li>
        </t>"""
        view = self.env["ir.ui.view"].create(
            {"name": "Cart", "type": "qweb", "key": "website_sale.header_cart_link", "arch": arch}
        )
        self.env["ir.model.data"].create(
            {"module": "website_sale", "name": "header_cart_link", "model": "ir.ui.view", "res_id": view.id}
        )
        page = self.at("north.test", "/web/login").text
        self.assertRegex(page, r'<header[\s\S]+class="cart nav-item"[\s\S]+href="/shop/cart"[\s\S]+</header>')
        self.assert_plain(page, "Owner Brand")

    def test_the_manifest_names_the_brand(self):
        manifest = self.at("north.test", "/web/manifest.webmanifest").json()
        self.assertEqual((manifest["name"], manifest["theme_color"]), ("North Brand", "#aa3300"))
        self.assertNotIn("odoo", str(manifest["icons"]))
