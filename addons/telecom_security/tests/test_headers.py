from odoo.addons.telecom_security.models.ir_http import PARAMETER
from odoo.tests import HttpCase, tagged
from odoo.tools import config


@tagged("post_install", "-at_install")
class TestHeaders(HttpCase):
    def test_pages_may_not_be_framed_sniffed_or_load_foreign_scripts(self):
        headers = self.url_open("/web/login").headers
        self.assertEqual(headers["X-Frame-Options"], "SAMEORIGIN")
        self.assertEqual(headers["X-Content-Type-Options"], "nosniff")
        self.assertEqual(headers["Referrer-Policy"], "strict-origin-when-cross-origin")
        policy = dict(part.strip().split(" ", 1) for part in headers["Content-Security-Policy"].split(";"))
        self.assertEqual(policy["frame-ancestors"], "'self'")
        self.assertEqual(policy["object-src"], "'none'")
        self.assertNotIn("http", policy["script-src"])

    def test_a_page_that_is_missing_has_the_headers_too(self):
        answer = self.url_open("/no/such/page")
        self.assertEqual(answer.status_code, 404)
        self.assertEqual(answer.headers["X-Frame-Options"], "SAMEORIGIN")
        self.assertIn("frame-ancestors 'self'", answer.headers["Content-Security-Policy"])

    def test_an_answer_that_is_no_page_has_no_page_policy(self):
        answer = self.url_open("/web/webclient/version_info", json={"params": {}})
        self.assertEqual(answer.headers["X-Content-Type-Options"], "nosniff")
        self.assertNotIn("Content-Security-Policy", answer.headers)

    def test_the_parameter_replaces_the_policy(self):
        self.env["ir.config_parameter"].set_param(PARAMETER, "default-src 'self' https://pay.example")
        policy = self.url_open("/web/login").headers["Content-Security-Policy"]
        self.assertEqual(policy, "default-src 'self' https://pay.example")

    def test_hsts_is_said_by_tls_only(self):
        self.assertNotIn("Strict-Transport-Security", self.url_open("/web/login").headers)
        before = config["proxy_mode"]
        self.addCleanup(config.__setitem__, "proxy_mode", before)
        config["proxy_mode"] = True
        forwarded = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "bss.example", "X-Forwarded-For": "192.0.2.1"}
        headers = self.url_open("/web/login", headers=forwarded).headers
        self.assertEqual(headers["Strict-Transport-Security"], "max-age=31536000")

    def test_cookies_of_tls_never_travel_without_it(self):
        before = config["proxy_mode"]
        self.addCleanup(config.__setitem__, "proxy_mode", before)
        config["proxy_mode"] = True
        forwarded = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "bss.example", "X-Forwarded-For": "192.0.2.1"}
        for headers, safe in ((forwarded, True), ({}, False)):
            with self.subTest(headers):
                self.opener.cookies.clear()
                cookie = self.url_open("/web/login", headers=headers).headers["Set-Cookie"]
                self.assertIn("session_id=", cookie)
                self.assertIn("HttpOnly", cookie)
                self.assertEqual("Secure; SameSite=Lax" in cookie, safe, cookie)
